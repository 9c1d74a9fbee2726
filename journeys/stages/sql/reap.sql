-- name: drained
-- Draining versions of journeys that are not paused in which, by the counters, nobody is, whose runs are all read and
-- that have nothing held back; and when the next version took over. A few dozen versions: primary key of tally, one
-- probe per shard; unique key of schedule_run; index held_feed_version.
SELECT v.id, next.published_at
FROM version v
JOIN journey j ON j.id = v.journey_id
JOIN version next ON next.journey_id = v.journey_id AND next.number = v.number + 1
WHERE v.status = 'draining' AND j.status <> 'paused'
  AND NOT EXISTS (SELECT FROM schedule_run WHERE version_id = v.id AND finished_at IS NULL)
  AND NOT EXISTS (SELECT FROM held_feed WHERE version_id = v.id)
  AND (SELECT coalesce(sum(CASE WHEN t.port = -1 THEN t.n ELSE -t.n END), 0)
       FROM shard s JOIN tally t ON t.shard = s.id AND t.version_id = v.id
       WHERE t.node >= 0) = 0
ORDER BY v.id

-- name: unread
-- Whether the feed still holds something for the version alone, or an event from before its goals' windows were over.
-- Reads the feed, which is what is yet to be walked, once for a version that is about to end.
SELECT EXISTS (SELECT FROM feed WHERE version_id = %(version)s OR at < %(until)s::timestamptz)

-- name: remains
-- Whether somebody of one shard is inside, or lies in a chunk to be let in: in one look, for a wave makes the one of
-- the other. Primary key of enrolment: OFFSET 0 keeps it so, where nobody is found all would be read else. Index
-- chunk_due.
SELECT EXISTS (
    SELECT FROM (
        SELECT version_id, left_at FROM enrolment
        WHERE shard = %(shard)s AND journey_id = (SELECT journey_id FROM version WHERE id = %(version)s)
        OFFSET 0
    ) e
    WHERE e.version_id = %(version)s AND e.left_at IS NULL
) OR EXISTS (
    SELECT FROM chunk WHERE shard = %(shard)s AND version_id = %(version)s AND kind = 1
)

-- name: drop_chunks
-- Times that nobody of one shard waits for any more: up to months ahead, no wave comes by before. Index chunk_due.
DELETE FROM chunk WHERE shard = %(shard)s AND version_id = %(version)s
