-- name: shards_with_work
-- Shards that have feed rows or chunks due, and nobody has locked. Two index probes a shard (primary key
-- of feed, chunk_due). Chunks of paused versions are no work.
SELECT array_agg(s.id ORDER BY s.id) AS id
FROM shard s
WHERE EXISTS (SELECT FROM feed f WHERE f.shard = s.id AND f.at <= %(horizon)s)
   OR EXISTS (SELECT FROM chunk c WHERE c.shard = s.id AND c.due_at <= %(horizon)s
              AND c.version_id <> ALL (%(paused)s::integer[]))

-- name: take
-- The first statement of the wave's transaction: its snapshot is not older than the lock, so what another
-- wave has consumed is not seen again. Skips shards that others hold.
WITH free AS (
    SELECT id FROM shard WHERE id = ANY (%(shards)s) ORDER BY id LIMIT %(most)s FOR NO KEY UPDATE SKIP LOCKED
)
UPDATE shard SET wave = shard.wave + 1, last_at = greatest(%(now)s, shard.last_at)
FROM free WHERE shard.id = free.id
RETURNING shard.id, shard.last_at

-- name: feed
-- The earliest rows of each held shard, about `per_shard` of each, and all of the last one's instant: what is left
-- unread lies wholly after what was read. Primary key of feed, then a sort of the shard's rows (its backlog).
SELECT array_agg(f.id) AS id, array_agg(f.shard) AS shard, array_agg(f.profile_id) AS profile,
       array_agg(f.kind) AS kind, array_agg(coalesce(f.type_id, 0)) AS type_id, array_agg(f.at) AS at,
       array_agg(coalesce(f.version_id, 0)) AS version, array_agg(coalesce(f.enrolment, 0)) AS seq,
       array_agg(coalesce(f.node, 0)::smallint) AS node, array_agg(coalesce(f.port, 0)::smallint) AS port,
       array_agg(coalesce(f.event_id, 0)) AS event_id, array_agg(f.body::text) AS body
FROM unnest(%(shards)s) AS held (shard)
CROSS JOIN LATERAL (
    SELECT * FROM feed WHERE feed.shard = held.shard AND feed.at <= %(horizon)s
    ORDER BY feed.at FETCH FIRST %(per_shard)s ROWS WITH TIES
) f

-- name: chunks
-- The next due chunks of the held shards, each up to its own horizon, as many as hold `people` people. Index
-- chunk_due.
SELECT c.id, c.shard, c.version_id, c.node, c.kind, c.due_at, c.profiles, c.seqs, c.stamps, c.dues
FROM (
    SELECT chunk.*, sum(cardinality(profiles)) OVER (ORDER BY due_at, id) - cardinality(profiles) AS before
    FROM unnest(%(shards)s, %(horizons)s) AS held (shard, horizon)
    JOIN chunk ON chunk.shard = held.shard AND chunk.due_at <= held.horizon
    WHERE version_id <> ALL (%(paused)s::integer[])
    ORDER BY due_at, id
    LIMIT %(chunks)s
) c
WHERE c.before < %(people)s
ORDER BY c.due_at, c.id

-- name: next_due
-- The earliest chunk that did not fit. Index chunk_due.
SELECT min(due_at) FROM chunk
WHERE shard = ANY (%(shards)s) AND due_at <= %(horizon)s AND version_id <> ALL (%(paused)s::integer[])
  AND id <> ALL (%(taken)s::bigint[])

-- name: hold_all
-- Waits for the waves under way: they may still write by what they have read. Waves that begin later see what we
-- commit, or collide with it. In order of id, as everybody who waits for shards.
WITH held AS (SELECT id FROM shard ORDER BY id FOR NO KEY UPDATE)
UPDATE shard SET wave = shard.wave + 1 FROM held WHERE shard.id = held.id
