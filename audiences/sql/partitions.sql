-- name: present
-- Whether the table that goes by this name here is partitioned, and the names of its partitions.
SELECT parent.relkind = 'p', array_agg(child.relname::text) FILTER (WHERE child.oid IS NOT NULL)
FROM pg_class parent
LEFT JOIN pg_inherits ON inhparent = parent.oid
LEFT JOIN pg_class child ON child.oid = inhrelid
WHERE parent.oid = to_regclass(%(table)s)
GROUP BY parent.relkind

-- name: lock
-- Held until the transaction ends.
SELECT pg_advisory_xact_lock(%(lock)s)

-- name: create
-- Identity comes from the parent; a partition must not have its own.
CREATE TABLE {partition} (LIKE {table} INCLUDING ALL EXCLUDING IDENTITY)

-- name: attach
-- SHARE UPDATE EXCLUSIVE on the parent: reads and writes go on.
ALTER TABLE {table} ATTACH PARTITION {partition} FOR VALUES FROM ({begin}) TO ({end})
