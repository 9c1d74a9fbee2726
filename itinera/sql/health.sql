-- name: shards
-- What each shard has left to do, and since when. Reads the whole feed (empty but for a backlog) and,
-- by chunk_due, the chunks that are due; those of paused journeys wait on purpose.
SELECT shard, sum(feed)::bigint AS feed, sum(due)::bigint AS due,
       greatest(0, extract(epoch FROM wall_clock() - min(since)))::float8 AS lag
FROM (
    SELECT shard, count(*) AS feed, 0 AS due, min(at) AS since FROM feed GROUP BY shard
    UNION ALL
    SELECT c.shard, 0, count(*), min(c.due_at)
    FROM chunk c JOIN version v ON v.id = c.version_id JOIN journey j ON j.id = v.journey_id
    WHERE c.due_at <= wall_clock() AND j.status <> 'paused'
    GROUP BY c.shard
) AS work
GROUP BY shard
ORDER BY shard

-- name: messages
-- Messages that are not at an end yet, by status. Reads the partial indexes over those statuses.
SELECT status, count(*) AS messages FROM message WHERE status IN (0, 1, 2) GROUP BY status ORDER BY status

-- name: beat
-- Seconds since beat last started anything that it should be starting; NULL if it never has.
SELECT extract(epoch FROM statement_timestamp() - max(last_run_at))::float8 AS age
FROM django_celery_beat_periodictask WHERE enabled
