-- name: members
-- Of all audiences in some shards, one probe for each (primary key of audience_members).
SELECT m.audience_id, m.shard, m.members
FROM audience a CROSS JOIN unnest(%(shards)s) AS s (shard)
JOIN audience_members m ON m.audience_id = a.id AND m.shard = s.shard

-- name: keep
-- In key order.
INSERT INTO audience_members AS m (audience_id, shard, members)
SELECT * FROM unnest(%(audiences)s, %(shards)s, %(members)s::bytea[]) AS n (audience, shard, members)
ORDER BY audience, shard
ON CONFLICT (audience_id, shard) DO UPDATE SET members = excluded.members

-- name: empty
-- No row where nobody is.
DELETE FROM audience_members m USING unnest(%(audiences)s, %(shards)s) AS n (audience, shard)
WHERE m.audience_id = n.audience AND m.shard = n.shard

-- name: unread_since
-- Which audiences are still there, and whether they were not refreshed since.
SELECT id, coalesce(refreshed_at <= %(since)s, true) FROM audience WHERE id = ANY (%(audiences)s)

-- name: segments
-- The latest snapshot of each segmentation in some shards (segmentation_run_day, primary key of segment_members).
SELECT m.run_id, m.cell, m.shard, m.members
FROM segmentation s
CROSS JOIN LATERAL (SELECT id FROM segmentation_run WHERE segmentation_id = s.id ORDER BY day DESC LIMIT 1) AS r
JOIN segment_members m ON m.run_id = r.id AND m.shard = ANY (%(shards)s)

-- name: keep_segments
-- In key order.
INSERT INTO segment_members AS m (run_id, cell, shard, members)
SELECT * FROM unnest(%(runs)s, %(cells)s::text[], %(shards)s, %(members)s::bytea[]) AS n (run, cell, shard, members)
ORDER BY run, cell, shard
ON CONFLICT (run_id, cell, shard) DO UPDATE SET members = excluded.members

-- name: empty_segments
-- No row where nobody is.
DELETE FROM segment_members m USING unnest(%(runs)s, %(cells)s::text[], %(shards)s) AS n (run, cell, shard)
WHERE m.run_id = n.run AND m.cell = n.cell AND m.shard = n.shard

-- name: runs
-- Which snapshots are still there.
SELECT id FROM segmentation_run WHERE id = ANY (%(runs)s)
