-- name: people
-- The profiles behind identities (primary keys of identity and profile), and whether they are of a kind of people.
SELECT array_agg(ord) AS positions, array_agg(profile_id) AS profiles, array_agg(profile.kind = %(kind)s) AS fits
FROM unnest(%(kinds)s::text[], %(values)s::text[]) WITH ORDINALITY AS given(kind, value, ord)
JOIN identity USING (kind, value) JOIN profile ON profile.id = profile_id
