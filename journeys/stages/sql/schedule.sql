-- name: enter_slice
-- The next profiles, by id, of whom the rule holds, as chunks of entries: one row per shard and five
-- thousand people. Who was not known yet at the run's own instant is not in it, however late it is made.
-- `{people}` is the rule's own statement.
WITH found AS (
    SELECT people.id, people.shard FROM ({people}) AS people JOIN profile USING (id)
    WHERE people.id > %(after)s AND profile.created_at <= %(at)s ORDER BY people.id LIMIT %(limit)s
), numbered AS (
    SELECT id, shard, (row_number() OVER (PARTITION BY shard ORDER BY id) - 1) / 5000 AS part FROM found
), added AS (
    INSERT INTO chunk (shard, version_id, node, kind, due_at, profiles)
    SELECT shard, %(version)s, %(node)s, 1, %(at)s, array_agg(id ORDER BY id) FROM numbered GROUP BY shard, part
)
SELECT count(*), max(id) FROM found
