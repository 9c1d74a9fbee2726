-- name: messages
-- Where the messages of one node stand, for these walks: a descent of message_key for each.
SELECT array_agg(w.ord) AS ord, array_agg(m.status) AS status
FROM unnest(%(shard)s::smallint[], %(profile)s::bigint[], %(seq)s::integer[]) WITH ORDINALITY AS w (shard, profile, seq, ord)
JOIN message m ON m.shard = w.shard AND m.version_id = %(version)s AND m.profile_id = w.profile AND m.seq = w.seq
              AND m.node = %(node)s

-- name: answered
-- For whom an event of one type came since her walk began, about the message of one node: one scan of
-- event_type_profile_time with all ids.
SELECT array_agg(DISTINCT w.ord) AS held
FROM unnest(%(profile)s::bigint[], %(since)s::timestamptz[], %(at)s::timestamptz[]) WITH ORDINALITY AS w (profile, since, at, ord)
JOIN event e ON e.profile_id = w.profile AND e.time >= w.since AND e.time <= w.at
WHERE e.type_id = %(type)s AND e.profile_id = ANY(%(profile)s::bigint[])
  AND e.time >= %(first)s::timestamptz AND e.time <= %(last)s::timestamptz
  AND e.properties ->> 'journey' = %(journey)s AND e.properties ->> 'node' = %(node)s
