-- name: evaluate
-- The positions (from 1) of the people for whom a compiled condition holds.
WITH u AS {materialized} ({people}) SELECT array_agg(u.ord) AS held FROM u {measures} WHERE {condition}

-- name: people
-- The row of one person at one instant, without her profile.
SELECT ord, profile, at, since, entry_event{columns} FROM unnest(
    %(profile)s::bigint[], %(at)s::timestamptz[], %(since)s::timestamptz[], %(entry_event)s::bigint[], %(data)s::jsonb[]
) WITH ORDINALITY AS b(profile, at, since, entry_event, data, ord)

-- name: people_with_profile
-- The same with zone and attributes (primary key of profile); who has no profile has no attributes.
-- One scan with all ids, not a descent per person, whatever the planner thinks of the number of people.
SELECT ord, profile, at, since, entry_event, zone{columns} FROM (
    SELECT ord, given.profile, at, since, entry_event, data, coalesce(known.zone, %(zone)s) AS zone, attributes
    FROM unnest(
        %(profile)s::bigint[], %(at)s::timestamptz[], %(since)s::timestamptz[], %(entry_event)s::bigint[], %(data)s::jsonb[]
    ) WITH ORDINALITY AS given(profile, at, since, entry_event, data, ord)
    LEFT JOIN (SELECT id, zone, attributes FROM profile WHERE id = ANY(%(profile)s::bigint[])) AS known ON id = given.profile
) AS b

-- name: everybody
-- The same for all profiles (or those that `{whom}` leaves) at one instant.
SELECT profile AS ord, profile, shard, at, since, entry_event, zone{columns} FROM (
    SELECT id AS profile, shard, attributes, coalesce(zone, %(zone)s) AS zone, %(at)s::timestamptz AS at,
           NULL::timestamptz AS since, NULL::bigint AS entry_event, NULL::jsonb AS data
    FROM profile WHERE {whom}
) AS b

-- name: probe
-- One measure, by an index descent per person and month (event_type_profile_time): for few people.
LEFT JOIN LATERAL (SELECT {aggregate} AS v FROM event e WHERE e.profile_id = u.profile AND {conditions}) AS {name} ON true

-- name: sweep
-- The same by one index scan per month with all ids, and one aggregate: half the price for many people.
LEFT JOIN (
    SELECT u.ord, {aggregate} AS v FROM u JOIN event e ON e.profile_id = u.profile
    WHERE e.profile_id = ANY(%(profile)s::bigint[]) AND {conditions} GROUP BY u.ord
) AS {name} ON {name}.ord = u.ord

-- name: sweep_all
-- The same for everybody.
LEFT JOIN (
    SELECT u.ord, {aggregate} AS v FROM u JOIN event e ON e.profile_id = u.profile WHERE {conditions} GROUP BY u.ord
) AS {name} ON {name}.ord = u.ord

-- name: select
-- Everybody for whom a compiled condition holds.
WITH u AS {materialized} ({people}) SELECT u.profile AS id, u.shard FROM u {measures} WHERE {condition}

-- name: gather
-- For each of several conditions everybody for whom it holds.
WITH u AS {materialized} ({people}) SELECT {lists} FROM u {measures}

-- name: events
-- The row of one event that is at hand: its properties come from the caller.
SELECT ord, profile, at, properties{columns} FROM unnest(
    %(profile)s::bigint[], %(at)s::timestamptz[], %(properties)s::jsonb[], %(data)s::jsonb[]
) WITH ORDINALITY AS b(profile, at, properties, data, ord)

-- name: events_with_profile
-- The same with zone and attributes of whose event it is.
SELECT ord, profile, at, properties, zone{columns} FROM (
    SELECT ord, given.profile, at, properties, data, coalesce(known.zone, %(zone)s) AS zone, attributes
    FROM unnest(
        %(profile)s::bigint[], %(at)s::timestamptz[], %(properties)s::jsonb[], %(data)s::jsonb[]
    ) WITH ORDINALITY AS given(profile, at, properties, data, ord)
    LEFT JOIN (SELECT id, zone, attributes FROM profile WHERE id = ANY(%(profile)s::bigint[])) AS known ON id = given.profile
) AS b

-- name: first_match
-- For each person the earliest event that meets the conditions; of one instant the first to arrive.
-- An index descent per person and month, whose order is that of the answer.
WITH u AS MATERIALIZED ({people})
SELECT array_agg(u.ord) AS held, array_agg(m.time) AS at, array_agg(m.id) AS event, coalesce(json_agg(m.properties), '[]')::text AS properties
FROM u CROSS JOIN LATERAL (
    SELECT e.id, e.time, e.properties FROM event e WHERE {condition} ORDER BY e.time, e.id LIMIT 1
) AS m
