-- name: enter_slice
-- These people as chunks of entries: one row per shard and five thousand of them. Who was not known yet at the run's
-- own instant, or is not of the journey's kind of people, is not in it, however late it is made, nor who has been
-- merged away meanwhile. Nor is whoever took somebody in whom this run had let in by then: one person enters once
-- (merge_at, then chunk_due and the primary key of enrolment for those few).
-- Whether she was known is asked of the slice alone: joined to the whole, the planner loops over everybody for
-- everybody where it has no statistics yet.
WITH let_in AS MATERIALIZED (
    SELECT m.survivor_id AS id FROM merge m
    WHERE m.at >= %(at)s AND m.merged_id <= %(after)s AND m.undone_at IS NULL AND (
        EXISTS (SELECT FROM chunk WHERE shard = (m.survivor_id %% 64)::smallint AND due_at = %(at)s AND kind = 1
                AND version_id = %(version)s AND node = %(node)s AND m.survivor_id = ANY (profiles))
     OR EXISTS (SELECT FROM enrolment WHERE shard = (m.survivor_id %% 64)::smallint AND journey_id = %(journey)s
                AND profile_id = m.survivor_id AND version_id = %(version)s AND entered_at = %(at)s)
    )
), known AS MATERIALIZED (
    SELECT id, (id %% 64)::smallint AS shard FROM unnest(%(ids)s::bigint[]) AS found (id)
    WHERE (SELECT created_at <= %(at)s AND kind = %(kind)s FROM profile WHERE profile.id = found.id)
      AND found.id NOT IN (SELECT id FROM let_in)
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
