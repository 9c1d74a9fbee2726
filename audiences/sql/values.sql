-- name: of_attribute
-- Values of one attribute: of the newest profiles, and of some from everywhere (both by primary key, backwards and in
-- short runs from evenly spaced numbers).
(SELECT attributes -> %(name)s AS value FROM profile ORDER BY id DESC LIMIT %(newest)s)
UNION ALL
SELECT seen.value
FROM (SELECT max(id) AS last FROM profile) AS ids
CROSS JOIN LATERAL generate_series(0, ids.last, greatest(1, ids.last / %(runs)s)) AS run(start)
CROSS JOIN LATERAL (
    SELECT attributes -> %(name)s AS value FROM profile WHERE id >= run.start ORDER BY id LIMIT %(length)s
) AS seen

-- name: of_property
-- Values of one property of the events of one name: short runs from evenly spaced people (event_type_profile_time,
-- merged over the months in its order). Ends at the next run, so that a rare event is counted once.
SELECT seen.value
FROM event_type t
CROSS JOIN (SELECT max(id) AS last FROM profile) AS ids
CROSS JOIN LATERAL (SELECT greatest(1, ids.last / %(runs)s) AS step) AS steps
CROSS JOIN LATERAL generate_series(0, ids.last, steps.step) AS run(start)
CROSS JOIN LATERAL (
    SELECT e.properties -> %(name)s AS value FROM event e
    WHERE e.type_id = t.id AND e.profile_id >= run.start AND e.profile_id < run.start + steps.step
    ORDER BY e.profile_id LIMIT %(length)s
) AS seen
WHERE t.name = %(event)s

-- name: of_column
-- Values of one column of a look-up table: the first rows by key (primary key).
SELECT r.values -> %(name)s AS value
FROM lookup_table t JOIN lookup_row r ON r.table_id = t.id
WHERE t.slug = %(table)s ORDER BY r.table_id, r.key LIMIT %(newest)s

-- name: of_key
-- The keys of a look-up table: the first ones by primary key.
SELECT to_jsonb(r.key) AS value
FROM lookup_table t JOIN lookup_row r ON r.table_id = t.id
WHERE t.slug = %(table)s ORDER BY r.table_id, r.key LIMIT %(newest)s

-- name: common
-- Texts among values (members of lists too), those that contain what was typed, the most frequent first.
SELECT text, count(*) FROM ({values}) AS found
CROSS JOIN LATERAL (
    SELECT value #>> '{{}}' AS text WHERE jsonb_typeof(value) = 'string'
    UNION ALL
    SELECT member #>> '{{}}' FROM jsonb_array_elements(CASE jsonb_typeof(value) WHEN 'array' THEN value END) AS member
    WHERE jsonb_typeof(member) = 'string'
) AS texts
WHERE position(lower(%(typed)s) IN lower(text)) > 0
GROUP BY text ORDER BY count(*) DESC, text LIMIT %(most)s
