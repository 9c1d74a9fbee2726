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
