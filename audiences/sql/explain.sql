-- name: profile
-- One person's zone, kind and facts, the facts as text so that numbers stay exact; and the kinds of her identities
-- (identity_profile_kind).
SELECT zone, kind, attributes::text, tags::text, consent::text,
       ARRAY(SELECT DISTINCT i.kind FROM identity i WHERE i.profile_id = profile.id)
FROM profile WHERE id = %(profile)s

-- name: events
-- What one person did, of the names that a rule asks for (event_type_profile_time).
SELECT t.name, e.time, e.properties::text, e.id
FROM event_type t JOIN event e ON e.type_id = t.id
WHERE t.name = ANY(%(names)s) AND e.profile_id = %(profile)s AND e.time <= %(at)s
ORDER BY e.time, e.id

-- name: rows
-- Rows of look-up tables by table and key (primary key).
SELECT t.slug, r.key, r.values::text
FROM unnest(%(tables)s::text[], %(keys)s::text[]) AS asked(slug, key)
JOIN lookup_table t ON t.slug = asked.slug JOIN lookup_row r ON r.table_id = t.id AND r.key = asked.key
