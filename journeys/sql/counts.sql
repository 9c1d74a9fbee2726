-- name: tallies
-- 64 shards × the version's counters. Primary key of tally, one probe per shard.
SELECT t.node, t.port, sum(t.n)::bigint
FROM shard s JOIN tally t ON t.shard = s.id AND t.version_id = %(version)s
GROUP BY t.node, t.port

-- name: messages
-- By node and status, folded and not yet. Primary key of message_count; message_change as a whole, which is short.
SELECT m.node, m.status, sum(m.n)::bigint
FROM (
    SELECT node, status, n FROM message_count WHERE version_id = %(version)s
    UNION ALL
    SELECT node, status, n FROM message_change WHERE version_id = %(version)s
) m
GROUP BY m.node, m.status HAVING sum(m.n) <> 0
