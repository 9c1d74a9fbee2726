-- name: event_type
-- The one event of the bench.
INSERT INTO event_type (name, label, properties, declared)
VALUES ('page_view', 'page view', '[{"name":"category","type":"text"}]', true) ON CONFLICT DO NOTHING

-- name: profiles
-- Nine in ten have opted in; every one may be written to.
INSERT INTO profile (id, shard, zone, attributes, tags, consent, suppressed, unit, created_at, updated_at)
SELECT g, g %% 64, NULL,
       jsonb_build_object('opt_in', g %% 10 <> 0, 'first_name', 'N' || g, 'city', (ARRAY['上海','北京','广州','成都'])[g %% 4 + 1],
                          'points', g %% 5000, 'level', g %% 5, 'joined', '2024-01-01'),
       '{}', '{"sms":{"marketing":true}}', '{}', 'M' || g, %(now)s, %(now)s
FROM generate_series(%(first)s::bigint, %(last)s::bigint) g

-- name: identities
-- A member number and a phone each, in key order.
INSERT INTO identity (kind, value, profile_id, created_at)
SELECT kind, value, g, %(now)s FROM (
    SELECT 'member_id' AS kind, 'M' || g AS value, g FROM generate_series(%(first)s::bigint, %(last)s::bigint) g
    UNION ALL
    SELECT 'phone', '+86139' || lpad(g::text, 8, '0'), g FROM generate_series(%(first)s::bigint, %(last)s::bigint) g
) made ORDER BY kind, value

-- name: events
-- Spread evenly and without chance: the same people have the same events in every run.
INSERT INTO event (shard, profile_id, type_id, time, received_at, properties)
SELECT g %% 64, g, t.id,
       %(now)s - make_interval(secs => ((g * 7919 + e * 104729) %% (%(days)s * 86400))), %(now)s,
       jsonb_build_object('category', 'c' || (g + e) %% 12)
FROM generate_series(%(first)s::bigint, %(last)s::bigint) g
CROSS JOIN generate_series(1, %(each)s) e
CROSS JOIN (SELECT id FROM event_type WHERE name = 'page_view') t

-- name: settle
-- The next profile that ingestion makes comes after ours.
SELECT setval(pg_get_serial_sequence('profile', 'id'), (SELECT max(id) FROM profile))
