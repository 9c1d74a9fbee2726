-- name: enter_slice
-- The next profiles, by id, of whom the rule holds, as chunks of entries: one row per shard and five
-- thousand people. Who was not known yet at the run's own instant is not in it, however late it is made.
-- `{people}` is the rule's own statement.
-- Whether she was known, and of the journey's kind of people, is asked of the slice alone: joined to the whole, the planner loops over everybody for
-- everybody where it has no statistics yet.
WITH found AS MATERIALIZED (
    SELECT people.id, people.shard FROM ({people}) AS people
    WHERE people.id > %(after)s ORDER BY people.id LIMIT %(limit)s
), known AS MATERIALIZED (
    SELECT found.id, found.shard FROM found
    WHERE (SELECT created_at <= %(at)s AND kind = %(kind)s FROM profile WHERE profile.id = found.id)
), numbered AS (
    SELECT id, shard, (row_number() OVER (PARTITION BY shard ORDER BY id) - 1) / 5000 AS part FROM known
), added AS (
    INSERT INTO chunk (shard, version_id, node, kind, due_at, profiles)
    SELECT shard, %(version)s, %(node)s, 1, %(at)s, array_agg(id ORDER BY id) FROM numbered GROUP BY shard, part
)
SELECT count(*), max(id), (SELECT count(*) FROM known) FROM found
