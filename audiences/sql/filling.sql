-- name: hold_slots
-- Waits for every batch that has read the slots, and keeps others from reading them until commit.
SELECT pg_advisory_xact_lock(%(lock)s)

-- name: months
-- The months that there are, by the names of their partitions.
SELECT array_agg(relname::text ORDER BY relname) FROM pg_inherits JOIN pg_class ON oid = inhrelid
WHERE inhparent = 'event'::regclass

-- name: end_of_slice
-- The time up to which the next so many events of one type in one month lie (index event_type_profile_time).
SELECT max(time), count(*) FROM (
    SELECT time FROM event WHERE type_id = %(type)s AND time > %(after)s AND time < %(end)s ORDER BY time LIMIT %(most)s
) AS next

-- name: fill
-- Events are taken by their time, which never changes: one that is being given to another profile at the same moment
-- is waited for, and filled as it is then. What is right already is left alone.
UPDATE event SET {assignments}
WHERE type_id = %(type)s AND time > %(after)s AND time <= %(upto)s AND ({columns}) IS DISTINCT FROM ({values})

-- name: has_events
-- Whether anything is stored of a type (a descent of event_type_profile_time per month).
SELECT EXISTS (SELECT FROM event WHERE type_id = %(type)s)
