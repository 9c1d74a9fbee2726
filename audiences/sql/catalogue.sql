-- name: attributes
-- The whole table; a few hundred rows.
SELECT name, type, declared FROM attribute_type

-- name: events
-- The whole table; a few hundred rows.
SELECT id, name, properties, declared, slots FROM event_type
