-- name: left
-- Whether somebody still has something to do now.
SELECT EXISTS (SELECT FROM chunk WHERE due_at <= clock_timestamp())

-- name: counted
-- Transitions and messages of the entry wave, and who waits after it.
SELECT (SELECT sum(cardinality(codes)) FROM path), (SELECT count(*) FROM message),
       (SELECT count(*) FROM enrolment WHERE left_at IS NULL)

-- name: wal
-- Where the log stands.
SELECT pg_current_wal_insert_lsn()

-- name: wal_since
-- Bytes written since.
SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), %s)

-- name: wake
-- Everybody's seven days are over.
UPDATE chunk SET due_at = clock_timestamp() - interval '1 second' WHERE kind = 0
