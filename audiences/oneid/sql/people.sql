-- name: people
-- The rows, for us alone, in order of id as everybody who locks them.
SELECT id, kind, created_at, zone, attributes::text, tags::text, consent::text, suppressed
FROM profile WHERE id = ANY (%(profiles)s) ORDER BY id FOR UPDATE

-- name: identities
-- By profile and kind (index identity_profile_kind).
SELECT profile_id, kind, array_agg(value ORDER BY value) FROM identity WHERE profile_id = ANY (%(profiles)s)
GROUP BY profile_id, kind

-- name: events
-- How many events each has, counted no further than decides (event_type_profile_time, one probe per type and month).
SELECT p.id, (
    SELECT count(*) FROM (
        SELECT FROM event e WHERE e.type_id = ANY (%(types)s) AND e.profile_id = p.id LIMIT %(most)s
    ) AS counted
) FROM unnest(%(profiles)s) AS p (id)

-- name: event_types
-- Every number; a few hundred.
SELECT coalesce(array_agg(id), '{}') FROM event_type

-- name: attributes_said
-- When each attribute was last written, its removal included. What a merge wrote was said before. Index
-- profile_change_profile.
SELECT c.profile_id, name, max(c.at) FROM profile_change c CROSS JOIN LATERAL jsonb_object_keys(c.attributes) AS name
WHERE c.profile_id = ANY (%(profiles)s) AND c.attributes IS NOT NULL AND c.source !~ '^(un)?merge:'
GROUP BY c.profile_id, name

-- name: tags_said
-- The same of tags.
SELECT c.profile_id, name, max(c.at) FROM profile_change c CROSS JOIN LATERAL jsonb_object_keys(c.tags) AS name
WHERE c.profile_id = ANY (%(profiles)s) AND c.tags IS NOT NULL AND c.source !~ '^(un)?merge:'
GROUP BY c.profile_id, name

-- name: agreed
-- When each consent and withdrawal was last stated (index on profile_id).
SELECT profile_id, channel, category, given, max(at) FROM consent_change WHERE profile_id = ANY (%(profiles)s)
GROUP BY profile_id, channel, category, given

-- name: taken
-- What they took over from others before. Index merge_survivor.
SELECT survivor_id, taken::text FROM merge WHERE survivor_id = ANY (%(profiles)s) AND undone_at IS NULL ORDER BY id
