-- name: people
-- Every counter of people beside what paths and walks say, by shard, version, node and port as `tally` keeps them: who
-- took a way, who left the journey from the node (62), who came in (whoever has gone on or left, and those who stand
-- there), exits, goals. Who was filtered leaves no row, so that one counter is left out. Reads path and enrolment once.
WITH steps AS MATERIALIZED (
    SELECT shard, version_id, code >> 6 AS node, code & 63 AS port, count(*) AS n
    FROM path CROSS JOIN unnest(codes) AS code GROUP BY 1, 2, 3, 4
), walks AS MATERIALIZED (
    SELECT shard, version_id, node, reason, goal_at IS NOT NULL AS reached, count(*) AS n
    FROM enrolment GROUP BY 1, 2, 3, 4, 5
), both_sides (shard, version_id, node, port, counted, found) AS (
    SELECT shard, version_id, node, port, n, 0 FROM tally WHERE NOT (node = -1 AND port = %(filtered)s)
    UNION ALL SELECT shard, version_id, node, port, 0, n FROM steps WHERE port < 62
    UNION ALL SELECT shard, version_id, node, -2, 0, n FROM steps WHERE port = 62
    UNION ALL SELECT shard, version_id, node, -1, 0, n FROM steps WHERE port < 63
    UNION ALL SELECT shard, version_id, node, -1, 0, n FROM walks WHERE reason IS NULL
    UNION ALL SELECT shard, version_id, -1, reason, 0, n FROM walks WHERE reason IS NOT NULL
    UNION ALL SELECT shard, version_id, -2, 0, 0, n FROM walks WHERE reached
)
SELECT version_id, node, port, shard, sum(counted)::bigint, sum(found)::bigint
FROM both_sides
GROUP BY 1, 2, 3, 4 HAVING sum(counted) <> sum(found)
ORDER BY 1, 2, 3, 4

-- name: messages
-- The counters of messages, folded and not yet, beside the messages. Reads message once.
SELECT version_id, node, status, sum(counted)::bigint, sum(found)::bigint
FROM (
    SELECT version_id, node, status, n AS counted, 0 AS found FROM message_count
    UNION ALL SELECT version_id, node, status, n, 0 FROM message_change
    UNION ALL SELECT version_id, node, status, 0, count(*) FROM message GROUP BY 1, 2, 3
) both_sides
GROUP BY 1, 2, 3 HAVING sum(counted) <> sum(found)
ORDER BY 1, 2, 3

-- name: entries
-- The counters of entries, folded and not yet, beside the walks. Reads enrolment once.
SELECT coalesce(slug, 'journey ' || journey_id), quarter, sum(counted)::bigint, sum(found)::bigint
FROM (
    SELECT journey_id, quarter, n AS counted, 0 AS found FROM entry_count
    UNION ALL SELECT journey_id, quarter, n, 0 FROM entry_change
    UNION ALL
    SELECT journey_id, date_bin('15 minutes', entered_at, '2000-01-01 00:00+00'), 0, count(*)
    FROM enrolment GROUP BY 1, 2
) both_sides
LEFT JOIN journey ON journey.id = journey_id
GROUP BY 1, 2 HAVING sum(counted) <> sum(found)
ORDER BY 1, 2
