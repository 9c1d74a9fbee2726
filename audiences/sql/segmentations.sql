-- name: add_members
-- The bitmaps of one run, a row per cell and shard.
INSERT INTO segment_members (run_id, cell, shard, members)
SELECT %(run)s, cell, shard, members
FROM unnest(%(cells)s::text[], %(shards)s::smallint[], %(members)s::bytea[]) AS given(cell, shard, members)

-- name: members
-- The bitmaps of one run: of all cells, or of some (primary key of segment_members).
SELECT cell, shard, members FROM segment_members
WHERE run_id = %(run)s AND (%(cells)s::text[] IS NULL OR cell = ANY(%(cells)s::text[]))

-- name: members_of_shard
-- The same of one shard only.
SELECT cell, shard, members FROM segment_members WHERE run_id = %(run)s AND shard = %(shard)s

-- name: drop_members
DELETE FROM segment_members WHERE run_id = ANY(%(runs)s::bigint[])

-- name: add_piece
INSERT INTO segment_piece (segmentation_id, number, body) VALUES (%(segmentation)s, %(number)s, %(body)s)

-- name: piece
-- One piece of a run under way (primary key of segment_piece).
SELECT body FROM segment_piece WHERE segmentation_id = %(segmentation)s AND number = %(number)s

-- name: drop_pieces
DELETE FROM segment_piece WHERE segmentation_id = %(segmentation)s
