-- name: set_attribute
-- One attribute of some people; a null value takes it away. Gives those whose value has changed, with both sides.
-- Primary key of profile, twice: the row as it was is read beside the one that is written. Nobody can come between:
-- whoever has written it since the wave's snapshot makes the wave begin again.
WITH written AS (
    UPDATE profile p SET attributes = CASE WHEN n.value IS NULL THEN p.attributes - %(name)s::text
                                      ELSE p.attributes || jsonb_build_object(%(name)s::text, n.value) END
    FROM unnest(%(profiles)s, %(values)s::jsonb[]) AS n (id, value) JOIN profile old ON old.id = n.id
    WHERE p.id = n.id AND old.attributes -> %(name)s::text IS DISTINCT FROM n.value
    RETURNING p.id, old.attributes -> %(name)s::text AS before, n.value AS after
)
SELECT array_agg(id) AS profiles, array_agg(before::text) AS before, array_agg(after::text) AS after FROM written

-- name: add_to_attribute
-- What is no number counts as 0.
WITH written AS (
    UPDATE profile p
    SET attributes = p.attributes || jsonb_build_object(%(name)s::text, %(amount)s::numeric +
        CASE jsonb_typeof(p.attributes -> %(name)s::text) WHEN 'number' THEN (p.attributes ->> %(name)s::text)::numeric ELSE 0 END)
    FROM profile old WHERE p.id = ANY (%(profiles)s) AND old.id = p.id
    RETURNING p.id, old.attributes -> %(name)s::text AS before, p.attributes -> %(name)s::text AS after
)
SELECT array_agg(id) AS profiles, array_agg(before::text) AS before, array_agg(after::text) AS after
FROM written WHERE before IS DISTINCT FROM after

-- name: change_tags
-- Added first, then removed. Gives those for whom anything has changed, with what each tag named here was.
WITH written AS (
    UPDATE profile p
    SET tags = (p.tags || (SELECT coalesce(jsonb_object_agg(t, true), '{}') FROM unnest(%(add)s::text[]) AS t)) - %(remove)s::text[]
    FROM profile old
    WHERE p.id = ANY (%(profiles)s) AND old.id = p.id
      AND NOT (old.tags @> (SELECT coalesce(jsonb_object_agg(t, true), '{}') FROM unnest(%(add)s::text[]) AS t)
               AND NOT old.tags ?| %(remove)s::text[])
    RETURNING p.id, old.tags
)
SELECT array_agg(id) AS profiles,
       array_agg(ARRAY(SELECT (tags -> t)::text FROM unnest(%(add)s::text[] || %(remove)s::text[]) WITH ORDINALITY AS n (t, place) ORDER BY place)) AS before
FROM written

-- name: zones
-- The people's own zones, in the order asked. Primary key of profile.
SELECT array_agg(p.zone ORDER BY who.place) AS zone
FROM unnest(%(profiles)s) WITH ORDINALITY AS who (id, place) LEFT JOIN profile p ON p.id = who.id

-- name: no_customers
-- Who of them is no customer, and of which kind. Index profile_not_consumer: few rows, whatever the number of people.
SELECT id, kind FROM profile WHERE kind <> 'consumer' AND id = ANY (%(profiles)s)

-- name: units
-- What holdouts and splits are drawn by. Primary key of profile.
SELECT array_agg(p.unit ORDER BY who.place) AS unit
FROM unnest(%(profiles)s) WITH ORDINALITY AS who (id, place) LEFT JOIN profile p ON p.id = who.id
