-- name: latest_events
-- The newest events of one profile: the newest of each type by event_type_profile_time, then of all.
SELECT t.name, found.time, found.properties::text
FROM event_type t CROSS JOIN LATERAL (
    SELECT e.time, e.id, e.properties FROM event e
    WHERE e.type_id = t.id AND e.profile_id = %(profile)s ORDER BY e.time DESC, e.id DESC LIMIT %(most)s
) AS found
ORDER BY found.time DESC, found.id DESC LIMIT %(most)s
