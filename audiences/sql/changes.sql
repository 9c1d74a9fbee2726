-- name: add_changes
-- One row per profile.
INSERT INTO profile_change (profile_id, shard, at, source, attributes, tags)
SELECT profile_id, profile_id %% 64, %(at)s, %(source)s, attributes, tags
FROM unnest(%(profiles)s::bigint[], %(attributes)s::jsonb[], %(tags)s::jsonb[]) AS n(profile_id, attributes, tags)

-- name: interest_lock
-- As ingestion: held until commit, so that whoever publishes sees every change or is seen by it.
SELECT pg_advisory_xact_lock_shared(%(lock)s)

-- name: interest
-- Which subjects live journeys ask for; a few rows (primary key of interest).
SELECT DISTINCT t.name, i.subject, t.id FROM event_type t JOIN interest i ON i.type_id = t.id WHERE t.name = ANY(%(names)s::text[])

-- name: add_feed
-- Changes have no event of their own: `event_id` stays empty.
INSERT INTO feed (shard, kind, type_id, profile_id, at, body)
SELECT profile_id %% 64, 0, type_id, profile_id, %(at)s, body
FROM unnest(%(types)s::int[], %(profiles)s::bigint[], %(bodies)s::jsonb[]) AS n(type_id, profile_id, body)

-- name: add_column
-- One name of many profiles.
INSERT INTO profile_change (profile_id, shard, at, source, attributes, tags)
SELECT profile_id, profile_id %% 64, at, %(source)s, CASE %(kind)s WHEN 'attribute' THEN sides END,
       CASE %(kind)s WHEN 'tag' THEN sides END
FROM (
    SELECT profile_id, at, jsonb_build_object(%(name)s::text, jsonb_build_array(before, after)) AS sides
    FROM unnest(%(profiles)s::bigint[], %(at)s::timestamptz[], %(before)s::jsonb[], %(after)s::jsonb[])
        AS n(profile_id, at, before, after)
) AS made

-- name: feed_column
-- Those of them that somebody asks for.
INSERT INTO feed (shard, kind, type_id, profile_id, at, body)
SELECT profile_id %% 64, 0, type_id, profile_id, at,
       jsonb_build_object(%(kind)s::text, %(name)s::text, 'before', before, 'after', after)
FROM unnest(%(types)s::int[], %(profiles)s::bigint[], %(at)s::timestamptz[], %(before)s::jsonb[], %(after)s::jsonb[])
    AS n(type_id, profile_id, at, before, after)
WHERE type_id <> 0

-- name: newest
-- The last change of each name of some profiles, one descent of profile_change_profile per month and profile.
SELECT DISTINCT ON (c.profile_id, n.kind, n.name) c.profile_id, n.kind, n.name, c.at, c.source
FROM profile_change c CROSS JOIN LATERAL (
    SELECT 'attribute' AS kind, jsonb_object_keys(c.attributes) AS name
    UNION ALL SELECT 'tag', jsonb_object_keys(c.tags)
) AS n
WHERE c.profile_id = ANY(%(profiles)s::bigint[])
ORDER BY c.profile_id, n.kind, n.name, c.at DESC, c.id DESC

-- name: feed_set
-- One change of many profiles.
INSERT INTO feed (shard, kind, type_id, profile_id, at, body)
SELECT profile_id %% 64, 0, %(type)s, profile_id, %(at)s, %(body)s::jsonb FROM unnest(%(profiles)s::bigint[]) AS profile_id
