-- name: enter_slice
-- These people as chunks of entries: one row per shard and five thousand of them. Who was not known yet at the run's
-- own instant, or is not of the journey's kind of people, is not in it, however late it is made (primary key of
-- profile).
WITH known AS MATERIALIZED (
    SELECT id, (id %% 64)::smallint AS shard FROM unnest(%(ids)s::bigint[]) AS found (id)
    WHERE (SELECT created_at <= %(at)s AND kind = %(kind)s FROM profile WHERE profile.id = found.id)
), numbered AS (
    SELECT id, shard, (row_number() OVER (PARTITION BY shard ORDER BY id) - 1) / 5000 AS part FROM known
), added AS (
    INSERT INTO chunk (shard, version_id, node, kind, due_at, profiles)
    SELECT shard, %(version)s, %(node)s, 1, %(at)s, array_agg(id ORDER BY id) FROM numbered GROUP BY shard, part
)
SELECT count(*) FROM known

-- name: claim
-- One at a time makes the runs of a schedule, for as long as its connection lasts: a lock that needs no transaction.
SELECT pg_try_advisory_lock(%(lock)s)

-- name: let_go
SELECT pg_advisory_unlock(%(lock)s)
