-- name: claim
-- The oldest open job that nobody holds, or the one that is named. Index job_open; whoever is at the same moment
-- taking one is passed over.
UPDATE job SET state = 'running', tries = tries + 1, lease = %(lease)s, started_at = coalesce(started_at, %(now)s),
               leased_until = %(now)s::timestamptz + interval '1 minute'
WHERE id = (
    SELECT id FROM job
    WHERE state IN ('queued', 'running') AND (leased_until IS NULL OR leased_until < %(now)s)
      AND (%(id)s::bigint IS NULL OR id = %(id)s)
    ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED
)
RETURNING id
