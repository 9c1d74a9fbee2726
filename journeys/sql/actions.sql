-- name: name_tags
-- Tags that only a journey sets so far: from now on by hand.
INSERT INTO tag (slug, kind, declared, created_at) SELECT slug, %(people)s, false, now() FROM unnest(%(slugs)s::text[]) AS slug
ORDER BY slug ON CONFLICT (slug) DO NOTHING

-- name: ask_for
-- What the version listens to. Under the exclusive interest lock.
INSERT INTO interest (type_id, version_id)
SELECT type_id, %(version)s FROM unnest(%(types)s::integer[]) AS type_id
ON CONFLICT DO NOTHING
