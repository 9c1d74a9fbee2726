-- name: rows
-- Some rows of one table as one JSON object (primary key of lookup_row).
SELECT coalesce(json_object_agg(r.key, r.values), '{}')::text
FROM lookup_row r JOIN lookup_table t ON t.id = r.table_id
WHERE t.slug = %(table)s AND r.key = ANY(%(keys)s::text[])

-- name: tables
-- The whole table; a few dozen rows. Nobody changes their columns until the transaction ends.
SELECT id, slug, columns FROM lookup_table ORDER BY id FOR SHARE

-- name: put
-- Merged into what is known. In sorted order, so that two batches wait for each other instead of deadlocking. Rows that
-- stay the same are not written.
INSERT INTO lookup_row AS r (table_id, key, values, updated_at)
SELECT table_id, key, values, %(now)s
FROM unnest(%(tables)s::int[], %(keys)s::text[], %(values)s::jsonb[]) AS n (table_id, key, values)
ORDER BY table_id, key
ON CONFLICT (table_id, key) DO UPDATE SET values = jsonb_strip_nulls(r.values || excluded.values), updated_at = %(now)s
WHERE r.values IS DISTINCT FROM jsonb_strip_nulls(r.values || excluded.values)

-- name: strip
-- A null takes a value away: of rows that are new, whose nulls were written as they came.
UPDATE lookup_row r SET values = jsonb_strip_nulls(r.values)
FROM unnest(%(tables)s::int[], %(keys)s::text[]) AS n (table_id, key)
WHERE r.table_id = n.table_id AND r.key = n.key AND r.values IS DISTINCT FROM jsonb_strip_nulls(r.values)

-- name: remove
-- In sorted order like `put`.
DELETE FROM lookup_row WHERE (table_id, key) IN (
    SELECT r.table_id, r.key FROM lookup_row r
    JOIN unnest(%(tables)s::int[], %(keys)s::text[]) AS n (table_id, key) ON (n.table_id, n.key) = (r.table_id, r.key)
    ORDER BY r.table_id, r.key FOR UPDATE OF r
)

-- name: page
-- A page of one table's rows in order of key, from after a key, those whose key begins with some text only.
SELECT key, values::text, updated_at FROM lookup_row
WHERE table_id = %(table)s AND key > %(after)s AND starts_with(key, %(begin)s) ORDER BY key LIMIT %(most)s

-- name: counts
-- How many rows each table has (primary key of lookup_row).
SELECT table_id, count(*) FROM lookup_row GROUP BY table_id
