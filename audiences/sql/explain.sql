-- name: profile
-- One person's zone and facts, the facts as text so that numbers stay exact.
SELECT zone, attributes::text FROM profile WHERE id = %(profile)s

-- name: events
-- What one person did, of the names that a rule asks for (event_type_profile_time).
SELECT t.name, e.time, e.properties::text, e.id
FROM event_type t JOIN event e ON e.type_id = t.id
WHERE t.name = ANY(%(names)s) AND e.profile_id = %(profile)s AND e.time <= %(at)s
ORDER BY e.time, e.id
