-- name: known_keys
-- Takes client ids for good; gives the positions of those that were taken before. Inserted in sorted
-- order: two batches in opposite order would deadlock. Waits for a batch that holds the same id.
WITH given AS (
    SELECT key, ord FROM unnest(%(keys)s::uuid[]) WITH ORDINALITY AS given(key, ord)
), taken AS (
    INSERT INTO event_key (key, seen_at) SELECT key, %(now)s FROM given ORDER BY key
    ON CONFLICT DO NOTHING RETURNING key
)
SELECT array_agg(ord) AS positions FROM given WHERE NOT EXISTS (SELECT FROM taken WHERE taken.key = given.key)

-- name: owners
-- The profiles behind identities that are known (primary key of identity).
SELECT array_agg(ord) AS positions, array_agg(profile_id) AS profiles
FROM unnest(%(kinds)s::text[], %(values)s::text[]) WITH ORDINALITY AS given(kind, value, ord)
JOIN identity USING (kind, value)

-- name: naming_lock
-- In order.
SELECT pg_advisory_xact_lock(%(space)s, bucket) FROM (SELECT bucket FROM unnest(%(buckets)s) AS bucket ORDER BY 1) AS b

-- name: held
-- How many identities of each kind these people have (identity_profile_kind).
SELECT profile_id, kind, count(*) FROM identity WHERE profile_id = ANY (%(profiles)s) GROUP BY profile_id, kind

-- name: profile_ids
-- Numbers for new profiles.
WITH drawn AS MATERIALIZED (SELECT pg_get_serial_sequence('profile', 'id')::regclass AS numbers)
SELECT array_agg(nextval(numbers)) AS ids FROM drawn, generate_series(1, %(count)s)

-- name: add_profiles
-- New profiles, empty but for their name.
INSERT INTO profile (id, shard, unit, created_at, updated_at)
SELECT id, id %% 64, unit, %(now)s, %(now)s FROM unnest(%(ids)s::bigint[], %(units)s::text[]) AS new(id, unit)

-- name: add_identities
-- New identities, in sorted order for the same reason as event keys; gives the positions of those won.
-- One that another batch has just added stays that batch's.
WITH given AS (
    SELECT kind, value, profile_id, ord
    FROM unnest(%(kinds)s::text[], %(values)s::text[], %(profiles)s::bigint[]) WITH ORDINALITY
        AS given(kind, value, profile_id, ord)
), added AS (
    INSERT INTO identity (kind, value, profile_id, created_at)
    SELECT kind, value, profile_id, %(now)s FROM given ORDER BY kind, value
    ON CONFLICT DO NOTHING RETURNING kind, value
)
SELECT array_agg(ord) AS positions FROM given JOIN added USING (kind, value)

-- name: drop_profiles
-- Profiles of this transaction that won no identity.
DELETE FROM profile WHERE id = ANY(%(ids)s::bigint[])

-- name: ask_merges
-- Pairs to be merged, each once. Somebody with whom so many wait for a decision already raises no more of them
-- (merge_request_once, merge_request_other).
INSERT INTO merge_request (profile_id, other_id, kind, source, at)
SELECT profile_id, other_id, kind, %(source)s, %(now)s
FROM unnest(%(profiles)s::bigint[], %(others)s::bigint[], %(kinds)s::text[]) AS pair(profile_id, other_id, kind)
WHERE NOT EXISTS (
    SELECT FROM unnest(ARRAY[pair.profile_id, pair.other_id]) AS one (id) WHERE %(most)s <= (
        SELECT count(*) FROM merge_request r WHERE r.state = 'conflict' AND (r.profile_id = one.id OR r.other_id = one.id)
    )
)
ORDER BY profile_id, other_id ON CONFLICT DO NOTHING

-- name: interest_lock
-- Held until commit: whoever publishes waits for it, and so sees every event or is seen by it.
SELECT pg_advisory_xact_lock_shared(%(lock)s)

-- name: interest
-- The types of events that live journeys ask for. A statement of its own: after the lock, by a fresh snapshot.
SELECT array_agg(DISTINCT type_id) AS types FROM interest

-- name: event_ids
-- Numbers for new events, in the order of the lines.
WITH drawn AS MATERIALIZED (SELECT pg_get_serial_sequence('event', 'id')::regclass AS numbers)
SELECT array_agg(nextval(numbers)) AS ids FROM drawn, generate_series(1, %(count)s)

-- name: slots_lock
-- Held until commit: whoever gives a property a column waits for it, and so finds every event or is obeyed by it.
SELECT pg_advisory_xact_lock_shared(%(lock)s)

-- name: slots
-- The types of events of which some properties have columns of their own. A statement of its own, as above.
SELECT id, slots FROM event_type WHERE slots <> '{}'

-- name: add_events
COPY event (id, shard, profile_id, type_id, time, received_at, properties, n1, n2, t1, t2) FROM STDIN (FORMAT binary)

-- name: add_feed
COPY feed (shard, kind, type_id, event_id, profile_id, at, body) FROM STDIN (FORMAT binary)

-- name: lock_profiles
-- In order of id, so that two batches about the same people wait instead of deadlocking.
WITH locked AS (
    SELECT id, consent, suppressed FROM profile WHERE id = ANY(%(ids)s::bigint[]) ORDER BY id FOR NO KEY UPDATE
)
SELECT array_agg(id) AS ids, coalesce(json_agg(consent), '[]')::text AS consents,
       coalesce(json_agg(suppressed), '[]')::text AS suppressed
FROM locked

-- name: update_profiles
-- What the lines say, merged into what is known; a null removes an attribute, NULL says nothing. Tags are replaced,
-- but for those that rules and models keep. Rows that stay the same are not written. What has changed of those who
-- are not new goes into their history, name by name with both sides; it is given as one text, which nobody reads
-- unless a journey asks for it.
WITH merged AS (
    SELECT id, is_new, given.attributes AS said, p.attributes AS old_attributes, p.tags AS old_tags,
           jsonb_strip_nulls(p.attributes || given.attributes) AS attributes,
           coalesce(given.tags || CASE WHEN p.tags ?| %(kept)s::text[] THEN (
               SELECT jsonb_object_agg(key, value) FROM jsonb_each(p.tags) WHERE key = ANY(%(kept)s::text[])
           ) ELSE '{}' END, p.tags) AS tags,
           coalesce(given.zone, p.zone) AS zone, coalesce(given.kind, p.kind) AS kind, given.consent,
           ARRAY(SELECT jsonb_array_elements_text(given.suppressed)) AS suppressed
    FROM unnest(%(ids)s::bigint[], %(new)s::boolean[], %(attributes)s::jsonb[], %(tags)s::jsonb[], %(zones)s::text[],
                %(people)s::text[], %(consents)s::jsonb[], %(suppressed)s::jsonb[])
        AS given(id, is_new, attributes, tags, zone, kind, consent, suppressed)
    JOIN profile p USING (id)
), written AS (
    UPDATE profile p SET attributes = m.attributes, tags = m.tags, zone = m.zone, kind = m.kind, consent = m.consent,
                         suppressed = m.suppressed, updated_at = %(now)s
    FROM merged m WHERE p.id = m.id AND (p.attributes, p.tags, p.zone, p.kind, p.consent, p.suppressed)
        IS DISTINCT FROM (m.attributes, m.tags, m.zone, m.kind, m.consent, m.suppressed)
    RETURNING p.id, m.is_new, m.said, m.old_attributes, m.attributes, m.old_tags, m.tags
), told AS (
    SELECT id, CASE WHEN attributes <> old_attributes THEN (
        SELECT jsonb_object_agg(key, jsonb_build_array(old_attributes -> key, attributes -> key))
        FROM jsonb_object_keys(said) AS key WHERE old_attributes -> key IS DISTINCT FROM attributes -> key
    ) END AS attributes, CASE WHEN tags <> old_tags THEN (
        SELECT jsonb_object_agg(key, jsonb_build_array(old_tags -> key, tags -> key))
        FROM jsonb_object_keys(old_tags || tags) AS key WHERE old_tags -> key IS DISTINCT FROM tags -> key
    ) END AS tags
    FROM written WHERE NOT is_new AND (attributes <> old_attributes OR tags <> old_tags)
), kept AS (
    INSERT INTO profile_change (profile_id, shard, at, source, attributes, tags)
    SELECT id, id %% 64, %(now)s, %(source)s, attributes, tags FROM told
)
SELECT array_agg(id) AS profiles, coalesce(json_agg(json_build_array(attributes, tags)), '[]')::text AS sides FROM told

-- name: kinds_of_people
-- Who some identities belong to, and of which kind they are (primary key of identity).
SELECT array_agg(ord) AS positions, array_agg(profile_id) AS profiles, array_agg(p.kind) AS kinds
FROM unnest(%(kinds)s::text[], %(values)s::text[]) WITH ORDINALITY AS given(kind, value, ord)
JOIN identity i ON (i.kind, i.value) = (given.kind, given.value) JOIN profile p ON p.id = profile_id

-- name: add_consent_changes
-- The history of consent: one row per change, in the order of the lines.
INSERT INTO consent_change (profile_id, channel, category, given, source, at, proof)
SELECT profile_id, channel, category, given, %(source)s, at, '{}'
FROM unnest(%(profiles)s::bigint[], %(channels)s::text[], %(categories)s::text[], %(given)s::boolean[],
            %(at)s::timestamptz[]) WITH ORDINALITY AS n(profile_id, channel, category, given, at, ord)
ORDER BY ord

-- name: add_rejected
-- Bad rows as they came, for somebody to look at.
INSERT INTO rejected_row (source, batch, index, code, detail, path, body, at)
SELECT %(source)s, %(batch)s::uuid, index, code, detail, path, body, %(now)s
FROM unnest(%(indexes)s::int[], %(codes)s::text[], %(details)s::text[], %(paths)s::text[], %(bodies)s::text[])
    AS bad(index, code, detail, path, body)

-- name: add_attribute_types
-- Names seen for the first time, in sorted order.
INSERT INTO attribute_type (name, type, declared)
SELECT name, type, false FROM unnest(%(names)s::text[], %(types)s::text[]) AS new(name, type)
ORDER BY name ON CONFLICT DO NOTHING

-- name: tags
-- The whole table; a few hundred rows.
SELECT slug, label, type, source, declared FROM tag

-- name: add_tags
-- Tags seen for the first time, in sorted order: from now on by hand.
INSERT INTO tag (slug, label, type, kind, declared, created_at)
SELECT slug, label, type, kind, false, now()
FROM unnest(%(slug)s::text[], %(label)s::text[], %(type)s::text[], %(people)s::text[]) AS new(slug, label, type, kind)
ORDER BY slug ON CONFLICT DO NOTHING

-- name: add_event_types
-- The same for events; gives all that are asked for, also those that another batch has just added.
INSERT INTO event_type (name, declared) SELECT name, false FROM unnest(%(names)s::text[]) AS name
ORDER BY name ON CONFLICT DO NOTHING

-- name: lock_event_types
-- To add properties: in sorted order, one batch at a time.
SELECT id, name, properties FROM event_type WHERE name = ANY(%(names)s::text[]) ORDER BY name FOR NO KEY UPDATE

-- name: set_properties
UPDATE event_type SET properties = %(properties)s::jsonb WHERE id = %(id)s
