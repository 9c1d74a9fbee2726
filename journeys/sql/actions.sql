-- name: name_events
-- Event types that only a journey knows so far.
INSERT INTO event_type (name, label, properties, declared)
SELECT name, '', '[]', false FROM unnest(%(names)s::text[]) AS name
ON CONFLICT (name) DO NOTHING

-- name: name_tags
-- Tags that only a journey sets so far: from now on by hand.
INSERT INTO tag (slug, kind, declared, created_at) SELECT slug, %(people)s, false, now() FROM unnest(%(slugs)s::text[]) AS slug
ORDER BY slug ON CONFLICT (slug) DO NOTHING

-- name: ask_for
-- What the version listens to. Under the exclusive interest lock.
INSERT INTO interest (type_id, version_id)
SELECT t.id, %(version)s FROM event_type t WHERE t.name = ANY (%(names)s::text[])
ON CONFLICT DO NOTHING

-- name: hold_shards
-- Waits for the waves under way: they may still hold back what they have read. Waves that begin later see what we
-- commit, or collide with it. In order of id, as everybody who waits for shards.
WITH held AS (SELECT id FROM shard ORDER BY id FOR NO KEY UPDATE)
UPDATE shard SET wave = shard.wave + 1 FROM held WHERE shard.id = held.id

-- name: give_back
-- What reached the paused versions of a journey, into the feed, each row for its version alone.
WITH back AS (
    DELETE FROM held_feed USING version v
    WHERE held_feed.version_id = v.id AND v.journey_id = %(journey)s
    RETURNING held_feed.*
)
INSERT INTO feed (shard, profile_id, kind, type_id, event_id, at, version_id, enrolment, node, port, body)
SELECT shard, profile_id, kind, type_id, event_id, at, version_id, enrolment, node, port, body FROM back ORDER BY id
