-- name: stored
-- Who of some shards has which value of a tag: its position among `values` from 0, -1 for any other; and how many
-- have it in all shards. One scan of profile.
SELECT code, array_agg(id ORDER BY id) FILTER (WHERE mine) AS ids, count(*)
FROM (
    SELECT id, shard = ANY(%(shards)s::int[]) AS mine,
           coalesce(array_position(%(values)s::jsonb[], tags -> %(slug)s::text), 0) - 1 AS code
    FROM profile WHERE tags ? %(slug)s::text
) AS tagged
GROUP BY code

-- name: lock
-- In order of id, as ingestion takes them (primary key of profile); gives those whose value still differs. Whoever has
-- become one of another kind of people loses the tag and does not get it.
WITH locked AS MATERIALIZED (
    SELECT id, kind, tags -> %(slug)s::text AS value FROM profile
    WHERE id = ANY(%(ids)s::bigint[]) ORDER BY id FOR NO KEY UPDATE
)
SELECT array_agg(id), array_agg(locked.value::text), array_agg(given.value::text)
FROM locked JOIN unnest(%(ids)s::bigint[], %(values)s::jsonb[]) AS given(id, value) USING (id)
WHERE locked.value IS DISTINCT FROM given.value AND (given.value IS NULL OR kind = %(kind)s)

-- name: write
-- A null takes the tag away.
UPDATE profile p
SET tags = CASE WHEN given.value IS NULL THEN p.tags - %(slug)s::text
           ELSE p.tags || jsonb_build_object(%(slug)s::text, given.value) END,
    updated_at = %(now)s
FROM unnest(%(ids)s::bigint[], %(values)s::jsonb[]) AS given(id, value) WHERE p.id = given.id

-- name: count
-- How many people of one stretch of numbers have each tag (primary key of profile).
SELECT t.slug, count(*) FROM profile p CROSS JOIN LATERAL jsonb_object_keys(p.tags) AS t(slug)
WHERE p.id > %(after)s AND p.id <= %(until)s GROUP BY t.slug

-- name: highest
-- The highest number of a profile.
SELECT coalesce(max(id), 0) FROM profile
