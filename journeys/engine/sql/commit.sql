-- name: consume_feed
-- By the ids that were read, never by position: a row with a lower id may be committed later.
DELETE FROM feed USING unnest(%(shards)s, %(ids)s) AS seen (shard, id)
WHERE feed.shard = seen.shard AND feed.id = seen.id

-- name: consume_chunks
-- Primary key of chunk.
DELETE FROM chunk WHERE id = ANY (%(ids)s)

-- name: move_enrolments
-- Everybody who was enrolled before this wave and moved, waits anew or left. By the row's place, which cannot
-- change while we hold the shard: no plan depends on statistics. The new version of the row stays on its page
-- (fillfactor), and no index is touched.
UPDATE enrolment e
SET node = m.node, stamp = m.stamp, node_at = m.node_at, due_at = nullif(m.due_at, '-infinity'),
    left_at = nullif(m.left_at, '-infinity'), reason = nullif(m.reason, 0), goal_at = nullif(m.goal_at, '-infinity'),
    goal_value = nullif(m.goal_value, 'NaN'), hold = nullif(m.hold, 0),
    held_since = nullif(m.held_since, '-infinity'), data = coalesce(m.data::jsonb, e.data)
FROM unnest(%(place)s::text[]::tid[], %(node)s, %(stamp)s, %(node_at)s, %(due)s, %(left)s,
            %(reason)s, %(goal_at)s, %(goal_value)s, %(hold)s, %(held_since)s,
            %(data)s::text[])
     AS m (place, node, stamp, node_at, due_at, left_at,
           reason, goal_at, goal_value, hold, held_since, data)
WHERE e.ctid = m.place

-- name: count
-- In key order, so that two waves that share a version never wait for each other in a circle (they never
-- share a shard).
INSERT INTO tally AS t (shard, version_id, node, port, n)
SELECT * FROM unnest(%(shard)s, %(version)s, %(node)s, %(port)s, %(n)s)
ON CONFLICT (shard, version_id, node, port) DO UPDATE SET n = t.n + excluded.n

-- name: hold_feed
-- What reached a paused version waits for its resume.
INSERT INTO held_feed (version_id, shard, profile_id, kind, type_id, event_id, at, enrolment, node, port, body)
SELECT %(version)s, h.shard, h.profile_id, h.kind, nullif(h.type_id, 0), nullif(h.event_id, 0), h.at, nullif(h.seq, 0),
       h.node, h.port, h.body::jsonb
FROM unnest(%(shard)s, %(profile)s, %(kind)s, %(type_id)s, %(event_id)s, %(at)s, %(seq)s, %(node)s, %(port)s,
            %(body)s::text[])
     AS h (shard, profile_id, kind, type_id, event_id, at, seq, node, port, body)
