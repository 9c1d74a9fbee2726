-- name: lock_definitions
-- Held until the transaction ends.
SELECT pg_advisory_xact_lock(%(lock)s)

-- name: hold
-- Whoever deletes or archives one of these waits; in order, as whoever locks several does.
SELECT FROM audience WHERE slug = ANY(%(slugs)s::text[]) ORDER BY id FOR KEY SHARE
