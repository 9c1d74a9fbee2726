-- name: earlier
-- Versions before the live one: who entered, who is inside, goals and exits. Primary key of tally, one probe per shard.
WITH old AS MATERIALIZED (
    SELECT id, ARRAY(
        SELECT (place - 1)::int FROM jsonb_array_elements(canvas->'nodes') WITH ORDINALITY AS n(node, place)
        WHERE node->>'type' LIKE 'trigger.%%'
    ) AS triggers
    FROM version WHERE journey_id = %(journey)s AND id IS DISTINCT FROM %(live)s
)
SELECT least(t.node, 0) AS node,
       CASE WHEN t.node >= 0 THEN 0 ELSE t.port END AS port,
       sum(CASE WHEN t.node < 0 OR t.port = -1 THEN t.n ELSE -t.n END)::bigint AS n,
       sum(t.n) FILTER (WHERE t.port = -1 AND t.node = ANY (old.triggers))::bigint AS entered
FROM old CROSS JOIN shard s JOIN tally t ON t.shard = s.id AND t.version_id = old.id
GROUP BY 1, 2

-- name: earlier_messages
-- By status. Primary key of message_count; message_change as a whole, which is short.
SELECT m.status, sum(m.n)::bigint
FROM version v
JOIN (
    SELECT version_id, status, n FROM message_count
    UNION ALL
    SELECT version_id, status, n FROM message_change
) m ON m.version_id = v.id
WHERE v.journey_id = %(journey)s AND v.id IS DISTINCT FROM %(live)s
GROUP BY 1 HAVING sum(m.n) <> 0

-- name: overview
-- The list of journeys: people inside and goals, over all versions of each. Primary key of tally, one probe per shard.
SELECT v.journey_id,
       coalesce(sum(CASE WHEN t.port = -1 THEN t.n ELSE -t.n END) FILTER (WHERE t.node >= 0), 0)::bigint AS inside,
       coalesce(sum(t.n) FILTER (WHERE t.node = -2), 0)::bigint AS goals
FROM version v CROSS JOIN shard s JOIN tally t ON t.shard = s.id AND t.version_id = v.id
WHERE v.journey_id = ANY (%(journeys)s)
GROUP BY 1

-- name: overview_entered
-- Who entered since an instant that begins a quarter of an hour. Primary key of entry_count; entry_change as a whole,
-- which is short.
SELECT e.journey_id, sum(e.n)::bigint
FROM (
    SELECT journey_id, quarter, n FROM entry_count
    UNION ALL
    SELECT journey_id, quarter, n FROM entry_change
) e
WHERE e.journey_id = ANY (%(journeys)s) AND e.quarter >= %(since)s
GROUP BY 1

-- name: overview_sent
-- Messages that a provider took. Primary key of message_count; message_change as a whole, which is short.
SELECT v.journey_id, sum(m.n)::bigint
FROM version v
JOIN (
    SELECT version_id, status, n FROM message_count
    UNION ALL
    SELECT version_id, status, n FROM message_change
) m ON m.version_id = v.id
WHERE v.journey_id = ANY (%(journeys)s) AND m.status = ANY (%(sent)s)
GROUP BY 1
