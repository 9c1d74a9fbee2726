-- name: attribute
-- One attribute of many profiles, as a JSON array in the order asked for (primary key of profile).
SELECT coalesce(json_agg(attributes -> %(name)s::text ORDER BY ord), '[]')::text
FROM unnest(%(profiles)s::bigint[]) WITH ORDINALITY AS given(id, ord)
LEFT JOIN (SELECT id, attributes FROM profile WHERE id = ANY(%(profiles)s::bigint[])) AS known USING (id)

-- name: zones
-- The time zones of many profiles (primary key of profile).
SELECT array_agg(zone ORDER BY ord)
FROM unnest(%(profiles)s::bigint[]) WITH ORDINALITY AS given(id, ord)
LEFT JOIN (SELECT id, zone FROM profile WHERE id = ANY(%(profiles)s::bigint[])) AS known USING (id)

-- name: units
-- The units of many profiles (primary key of profile).
SELECT array_agg(unit ORDER BY ord)
FROM unnest(%(profiles)s::bigint[]) WITH ORDINALITY AS given(id, ord)
LEFT JOIN (SELECT id, unit FROM profile WHERE id = ANY(%(profiles)s::bigint[])) AS known USING (id)

-- name: names
-- The first identity of each profile, known kinds first (index identity_profile_kind).
SELECT array_agg(known.name ORDER BY ord)
FROM unnest(%(profiles)s::bigint[]) WITH ORDINALITY AS given(id, ord)
LEFT JOIN (
    SELECT DISTINCT ON (profile_id) profile_id, kind || ':' || value AS name
    FROM identity WHERE profile_id = ANY(%(profiles)s::bigint[])
    ORDER BY profile_id, coalesce(array_position(%(kinds)s::text[], kind), 1000), kind, value
) AS known ON known.profile_id = given.id

-- name: identities
-- All identities of some profiles, known kinds first (index identity_profile_kind).
SELECT profile_id, kind, value FROM identity WHERE profile_id = ANY(%(profiles)s::bigint[])
ORDER BY profile_id, coalesce(array_position(%(kinds)s::text[], kind), 1000), kind, value
