-- name: events
-- The newest events of one profile, of one type or of each, from before one of them: by event_type_profile_time an
-- index descent per type and month, then the newest of all.
SELECT t.name, t.label, found.time, found.properties::text, found.id
FROM event_type t CROSS JOIN LATERAL (
    SELECT e.time, e.id, e.properties FROM event e
    WHERE e.type_id = t.id AND e.profile_id = %(profile)s
      AND (%(time)s::timestamptz IS NULL OR e.time <= %(time)s::timestamptz)
      AND (%(time)s::timestamptz IS NULL OR (e.time, e.id) < (%(time)s::timestamptz, %(event)s::bigint))
    ORDER BY e.time DESC, e.id DESC LIMIT %(most)s
) AS found
WHERE %(name)s::text IS NULL OR t.name = %(name)s::text
ORDER BY found.time DESC, found.id DESC LIMIT %(most)s
