-- name: tallies
-- 64 shards × the version's counters. Primary key of tally, one probe per shard.
SELECT t.node, t.port, sum(t.n)::bigint
FROM shard s JOIN tally t ON t.shard = s.id AND t.version_id = %(version)s
GROUP BY t.node, t.port

-- name: messages
-- By status. Unique key of message (shard, version_id, …).
SELECT m.status, count(*) FROM shard s JOIN message m ON m.shard = s.id AND m.version_id = %(version)s
GROUP BY m.status
