-- name: caps
-- All of them: a handful.
SELECT id, "limit", "window"::text, channel, category, journey, coalesce(kind, 'consumer') FROM cap ORDER BY id

-- name: deciding
-- For each person and cap, the reservation that decides: the limit-th latest. Persons with fewer
-- than `limit` reservations are left out: they have room. Reads cap_use by its key.
SELECT array_agg(u.i - 1) AS person, array_agg(k.i - 1) AS cap,
       array_agg(c.times[cardinality(c.times) - k.lim + 1]) AS time
  FROM unnest(%(shard)s::smallint[], %(profile)s::bigint[]) WITH ORDINALITY AS u (shard, id, i)
 CROSS JOIN unnest(%(cap)s::integer[], %(limit)s::integer[]) WITH ORDINALITY AS k (id, lim, i)
  JOIN cap_use c ON c.shard = u.shard AND c.cap_id = k.id AND c.profile_id = u.id
 WHERE cardinality(c.times) >= k.lim

-- name: reserve
-- One more reservation for each person under each of some caps of one limit; only that many are kept. A wave's
-- clock never goes back within a shard, so appending keeps them ascending; should one have been
-- moved to a later instant meanwhile, they are sorted.
INSERT INTO cap_use AS c (shard, cap_id, profile_id, times)
SELECT u.shard, k.id, u.id, ARRAY[u.at]
  FROM unnest(%(cap)s::integer[]) AS k (id)
 CROSS JOIN unnest(%(shard)s::smallint[], %(profile)s::bigint[], %(at)s::timestamptz[]) AS u (shard, id, at)
 ORDER BY u.shard, k.id, u.id
    ON CONFLICT (shard, cap_id, profile_id) DO UPDATE
   SET times = (
       CASE WHEN c.times[cardinality(c.times)] <= excluded.times[1] OR c.times = '{}'
            THEN c.times || excluded.times
            ELSE (SELECT array_agg(t ORDER BY t) FROM unnest(c.times || excluded.times) AS t)
       END
   )[greatest(1, cardinality(c.times) + 2 - %(limit)s):]

-- name: changes
-- Takes the oldest corrections of these shards, at most `most`. Reads the index cap_change_shard.
WITH taken AS (
    DELETE FROM cap_change WHERE id IN (
        SELECT id FROM cap_change WHERE shard = ANY (%(shard)s::smallint[]) ORDER BY shard, id LIMIT %(most)s
    ) RETURNING id, shard, cap_id, profile_id, was, becomes
)
SELECT array_agg(shard ORDER BY id) AS shard, array_agg(cap_id ORDER BY id) AS cap,
       array_agg(profile_id ORDER BY id) AS profile, array_agg(was ORDER BY id) AS was,
       array_agg(becomes ORDER BY id) AS becomes
  FROM taken

-- name: rings
-- Every reservation of these persons under these caps, one row each. Reads cap_use by its key.
SELECT array_agg(c.shard) AS shard, array_agg(c.cap_id) AS cap, array_agg(c.profile_id) AS profile,
       array_agg(t.at) AS time
  FROM (
      SELECT DISTINCT shard, cap, id
        FROM unnest(%(shard)s::smallint[], %(cap)s::integer[], %(profile)s::bigint[]) AS d (shard, cap, id)
  ) u
  JOIN cap_use c ON c.shard = u.shard AND c.cap_id = u.cap AND c.profile_id = u.id
 CROSS JOIN LATERAL unnest(c.times) AS t (at)

-- name: rewrite
-- Rings put together anew; `start` and `stop` are slices of `time`.
UPDATE cap_use AS c
   SET times = (%(time)s::timestamptz[])[u.start:u.stop]
  FROM unnest(
      %(shard)s::smallint[], %(cap)s::integer[], %(profile)s::bigint[], %(start)s::integer[], %(stop)s::integer[]
  ) AS u (shard, cap, profile, start, stop)
 WHERE c.shard = u.shard AND c.cap_id = u.cap AND c.profile_id = u.profile

-- name: correct
-- Places given back (`becomes` NULL) or moved: one row for each cap that covers the message. Transactional
-- messages use none up.
INSERT INTO cap_change (shard, cap_id, profile_id, message_id, was, becomes)
SELECT m.shard, c.id, m.profile_id, m.id, coalesce(m.reserved_at, m.at), u.becomes
  FROM unnest(%(ids)s::bigint[], %(becomes)s::timestamptz[]) AS u (id, becomes)
  JOIN message m ON m.id = u.id
  LEFT JOIN profile p ON p.id = m.profile_id
  JOIN cap c ON coalesce(c.kind, 'consumer') = coalesce(p.kind, 'consumer')
            AND (c.channel IS NULL OR c.channel = m.channel)
            AND (c.category IS NULL OR c.category = m.category)
            AND (c.journey IS NULL OR c.journey = m.journey)
 WHERE NOT m.transactional
 ORDER BY m.shard, m.id

-- name: reserved
-- Moved reservations are found by their new instant from now on.
UPDATE message m SET reserved_at = u.becomes
  FROM unnest(%(ids)s::bigint[], %(becomes)s::timestamptz[]) AS u (id, becomes)
 WHERE m.id = u.id

-- name: shards_to_settle
-- Takes shards that nobody walks at the moment and that have corrections waiting. Bumping the wave makes a wave
-- whose snapshot is older fail and start again, instead of working with rings as they were.
UPDATE shard SET wave = wave + 1
 WHERE id IN (
     SELECT id FROM shard s
      WHERE EXISTS (SELECT 1 FROM cap_change c WHERE c.shard = s.id)
      ORDER BY id LIMIT %(most)s FOR NO KEY UPDATE SKIP LOCKED
 )
RETURNING id
