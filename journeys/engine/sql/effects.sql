-- name: set_attribute
-- One attribute of some people; a null value takes it away. Primary key of profile.
UPDATE profile SET attributes = CASE WHEN n.value IS NULL THEN profile.attributes - %(name)s::text
                                ELSE profile.attributes || jsonb_build_object(%(name)s::text, n.value::jsonb) END
FROM unnest(%(profiles)s, %(values)s::text[]) AS n (id, value)
WHERE profile.id = n.id

-- name: add_to_attribute
-- What is no number counts as 0.
UPDATE profile
SET attributes = attributes || jsonb_build_object(%(name)s::text, %(amount)s::numeric +
    CASE jsonb_typeof(attributes -> %(name)s::text) WHEN 'number' THEN (attributes ->> %(name)s::text)::numeric ELSE 0 END)
WHERE id = ANY (%(profiles)s)

-- name: change_tags
-- Added first, then removed.
UPDATE profile
SET tags = (tags || (SELECT coalesce(jsonb_object_agg(t, true), '{}') FROM unnest(%(add)s::text[]) AS t)) - %(remove)s::text[]
WHERE id = ANY (%(profiles)s)

-- name: zones
-- The people's own zones, in the order asked. Primary key of profile.
SELECT array_agg(p.zone ORDER BY who.place) AS zone
FROM unnest(%(profiles)s) WITH ORDINALITY AS who (id, place) LEFT JOIN profile p ON p.id = who.id

-- name: units
-- What holdouts and splits are drawn by. Primary key of profile.
SELECT array_agg(p.unit ORDER BY who.place) AS unit
FROM unnest(%(profiles)s) WITH ORDINALITY AS who (id, place) LEFT JOIN profile p ON p.id = who.id
