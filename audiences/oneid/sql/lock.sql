-- name: hold_people
-- Shared with everybody but merging.
SELECT pg_advisory_xact_lock_shared(%(lock)s)

-- name: patience
-- For what this transaction waits for from now on.
SELECT set_config('lock_timeout', %(patience)s, true)

-- name: hold_shards
-- In order of id, as everybody who waits for shards. Bumped, so that a wave whose snapshot is older fails and begins
-- again instead of walking people who are no longer there.
WITH held AS (SELECT id FROM shard WHERE id = ANY (%(shards)s) ORDER BY id FOR NO KEY UPDATE)
UPDATE shard SET wave = shard.wave + 1 FROM held WHERE shard.id = held.id

-- name: stop_people
-- Waits for whoever is writing numbers of profiles, and keeps others from beginning.
SELECT pg_advisory_xact_lock(%(lock)s)
