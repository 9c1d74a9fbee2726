-- name: load
-- All shards of some audiences in one snapshot (primary key of audience_members).
SELECT audience_id, shard, members FROM audience_members WHERE audience_id = ANY(%(audiences)s::int[])

-- name: load_shard
-- The next shard of one audience that holds anybody: what a page of members reads (primary key of audience_members).
SELECT shard, members FROM audience_members
WHERE audience_id = %(audience)s AND shard >= %(shard)s ORDER BY shard LIMIT 1

-- name: of_shard
-- Every audience with its members of one shard: a few hundred small bitmaps.
SELECT a.slug, a.name, m.members FROM audience_members m JOIN audience a ON a.id = m.audience_id
WHERE m.shard = %(shard)s AND a.archived_at IS NULL ORDER BY a.slug

-- name: put
-- Shards that have changed.
INSERT INTO audience_members AS kept (audience_id, shard, members)
SELECT %(audience)s, shard, members FROM unnest(%(shards)s::smallint[], %(members)s::bytea[]) AS new(shard, members)
ON CONFLICT (audience_id, shard) DO UPDATE SET members = excluded.members

-- name: drop
-- Shards in which nobody is left.
DELETE FROM audience_members WHERE audience_id = %(audience)s AND shard = ANY(%(shards)s::smallint[])

-- name: add_shift
-- Who came and went by one refresh; empty bytes where nobody did.
INSERT INTO audience_shift (refresh_id, shard, entered, "left")
SELECT %(refresh)s, shard, entered, "left"
FROM unnest(%(shards)s::smallint[], %(entered)s::bytea[], %(left)s::bytea[]) AS new(shard, entered, "left")

-- name: shift
-- The next shard in which anybody came or went (primary key of audience_shift).
SELECT shard, entered, "left" FROM audience_shift WHERE refresh_id = %(refresh)s AND shard >= %(shard)s ORDER BY shard LIMIT 1

-- name: forget_shifts
-- Of the oldest refreshes before an instant: who came and went. How many did is told for good.
DELETE FROM audience_shift WHERE refresh_id = ANY(ARRAY(
    SELECT r.id FROM audience_refresh r
    WHERE r.at < %(before)s AND EXISTS (SELECT FROM audience_shift s WHERE s.refresh_id = r.id)
    ORDER BY r.id LIMIT %(limit)s
))
