-- name: ask_for
-- What the version listens to. Under the exclusive interest lock.
INSERT INTO interest (type_id, version_id)
SELECT type_id, %(version)s FROM unnest(%(types)s::integer[]) AS type_id
ON CONFLICT DO NOTHING
