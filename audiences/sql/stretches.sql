-- name: after
-- The number at which the next so many profiles end, and the highest of all (primary key of profile).
SELECT max(id), (SELECT max(id) FROM profile) FROM (
    SELECT id FROM profile WHERE id > %(after)s ORDER BY id LIMIT %(most)s
) AS next

-- name: people
-- The rows of one kind of people in a stretch, at one instant, as compiled conditions know them (primary key of profile).
-- `{known}` may leave out who became known later.
SELECT profile AS ord, profile, at, since, entry_event, zone{columns} FROM (
    SELECT id AS profile, attributes, tags, created_at, coalesce(zone, %(zone)s) AS zone,
           %(at)s::timestamptz AS at, NULL::timestamptz AS since, NULL::bigint AS entry_event, NULL::jsonb AS data
    FROM profile WHERE id BETWEEN %(first)s AND %(last)s AND kind = %(kind)s {known}
) AS b
