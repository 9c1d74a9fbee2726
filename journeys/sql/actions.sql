-- name: name_events
-- Event types that only a journey knows so far.
INSERT INTO event_type (name, label, properties, declared)
SELECT name, '', '[]', false FROM unnest(%(names)s::text[]) AS name
ON CONFLICT (name) DO NOTHING

-- name: ask_for
-- What the version listens to. Under the exclusive interest lock.
INSERT INTO interest (type_id, version_id)
SELECT t.id, %(version)s FROM event_type t WHERE t.name = ANY (%(names)s::text[])
ON CONFLICT DO NOTHING

-- name: give_back
-- What reached the paused versions of a journey, into the feed, each row for its version alone.
WITH back AS (
    DELETE FROM held_feed USING version v
    WHERE held_feed.version_id = v.id AND v.journey_id = %(journey)s
    RETURNING held_feed.*
)
INSERT INTO feed (shard, profile_id, kind, type_id, at, version_id, enrolment, node, port, body)
SELECT shard, profile_id, kind, type_id, at, version_id, enrolment, node, port, body FROM back ORDER BY id
