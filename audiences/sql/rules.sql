-- name: evaluate
-- The positions (from 1) of the people for whom a compiled condition holds.
WITH u AS {materialized} ({people}) SELECT array_agg(u.ord) AS held FROM u {measures} WHERE {condition}

-- name: people
-- The row of one person at one instant, without her profile. `answers` are those of questions asked in Python.
SELECT ord, profile, at, since, entry_event{columns} FROM unnest(
    %(profile)s::bigint[], %(at)s::timestamptz[], %(since)s::timestamptz[], %(entry_event)s::bigint[],
    %(data)s::jsonb[]{answers}
) WITH ORDINALITY AS b(profile, at, since, entry_event, data{names}, ord)

-- name: people_with_profile
-- The same with zone, attributes and the like (primary key of profile); who has no profile has none.
-- One scan with all ids, not a descent per person, whatever the planner thinks of the number of people.
SELECT ord, profile, at, since, entry_event, zone{columns} FROM (
    SELECT ord, given.profile, at, since, entry_event, data{names}, coalesce(known.zone, %(zone)s) AS zone,
           attributes, tags, consent, kind
    FROM unnest(
        %(profile)s::bigint[], %(at)s::timestamptz[], %(since)s::timestamptz[], %(entry_event)s::bigint[],
        %(data)s::jsonb[]{answers}
    ) WITH ORDINALITY AS given(profile, at, since, entry_event, data{names}, ord)
    LEFT JOIN (
        SELECT id, zone, attributes, tags, consent, kind FROM profile WHERE id = ANY(%(profile)s::bigint[])
    ) AS known ON id = given.profile
) AS b

-- name: everybody
-- The same for all profiles that `{whom}` leaves, at one instant.
SELECT profile AS ord, profile, shard, at, since, entry_event, zone{columns} FROM (
    SELECT id AS profile, shard, attributes, tags, consent, kind, coalesce(zone, %(zone)s) AS zone,
           %(at)s::timestamptz AS at, NULL::timestamptz AS since, NULL::bigint AS entry_event, NULL::jsonb AS data
    FROM profile WHERE {whom}
) AS b

-- name: probe
-- One measure, by an index descent per person and month (event_type_profile_time): for few people.
LEFT JOIN LATERAL (
    SELECT {aggregate} AS v FROM event e {joins} WHERE e.profile_id = u.profile AND {conditions}
) AS {name} ON true

-- name: sweep
-- The same by one index scan per month with all ids (or over all events), and one aggregate: half the price for many.
LEFT JOIN (
    SELECT u.ord, {aggregate} AS v FROM u JOIN event e ON e.profile_id = u.profile {joins}
    WHERE {conditions} GROUP BY u.ord
) AS {name} ON {name}.ord = u.ord

-- name: select
-- Everybody for whom a compiled condition holds.
WITH u AS {materialized} ({people}) SELECT u.profile AS id, u.shard FROM u {measures} WHERE {condition}

-- name: gather
-- For each of several conditions everybody for whom it holds.
WITH u AS {materialized} ({people}) SELECT {lists} FROM u {measures}

-- name: whom
-- The numbers of some profiles.
SELECT array_agg(id ORDER BY id) AS id FROM profile WHERE {whom}

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
    SELECT e.id, e.time, e.properties FROM event e {joins} WHERE {condition} ORDER BY e.time, e.id LIMIT 1
) AS m

-- name: members
-- Who of some shards is in an audience (primary key), as bitmaps.
SELECT shard, members FROM audience_members WHERE audience_id = %(audience)s AND shard = ANY(%(shards)s::smallint[])

-- name: select_ids
-- The next people of a selection, in order of their numbers.
SELECT array_agg(id ORDER BY id) AS id
FROM (SELECT id FROM ({people}) AS found WHERE id > %(after)s ORDER BY id LIMIT %(most)s) AS next

-- name: slice
-- The next people of one kind, in order of their numbers (primary key of profile).
SELECT array_agg(id) AS id
FROM (SELECT id FROM profile WHERE id > %(after)s AND kind = %(people)s ORDER BY id LIMIT %(most)s) AS next
