-- name: give_back
-- What reached the paused versions of a journey, into the feed, each row for its version alone. Events that the
-- replaced version missed are given to its heir as well: whom they would have let in enters there. (With a resume
-- there is neither.) Index held_feed_version.
WITH back AS (
    DELETE FROM held_feed USING version v
    WHERE held_feed.version_id = v.id AND v.journey_id = %(journey)s
    RETURNING held_feed.*
)
INSERT INTO feed (shard, profile_id, kind, type_id, event_id, at, version_id, enrolment, node, port, body)
SELECT shard, profile_id, kind, type_id, event_id, at, whose.version_id, enrolment, node, port, body
FROM back CROSS JOIN LATERAL (
    SELECT back.version_id
    UNION ALL SELECT %(heir)s::integer WHERE back.version_id = %(replaced)s::integer AND back.kind = 0
) whose
ORDER BY id

-- name: hand_over_runs
-- Runs that a paused version has not read to the end. Unique key of schedule_run.
UPDATE schedule_run SET version_id = %(heir)s, node = to_node
FROM unnest(%(nodes)s::smallint[], %(to_nodes)s::smallint[]) AS same (from_node, to_node)
WHERE version_id = %(replaced)s AND node = from_node AND finished_at IS NULL

-- name: close_runs
-- Those that nobody goes on with. Unique key of schedule_run.
UPDATE schedule_run SET finished_at = %(now)s WHERE version_id = %(replaced)s AND finished_at IS NULL

-- name: hand_over_entries
-- People of such runs whom no wave has let in yet. Reads all chunks: once for a version, and no wave pays for an index.
UPDATE chunk SET version_id = %(heir)s, node = to_node
FROM unnest(%(nodes)s::smallint[], %(to_nodes)s::smallint[]) AS same (from_node, to_node)
WHERE version_id = %(replaced)s AND kind = 1 AND node = from_node

-- name: drop_entries
-- Those whom nobody lets in. Reads all chunks.
DELETE FROM chunk WHERE version_id = %(replaced)s AND kind = 1
