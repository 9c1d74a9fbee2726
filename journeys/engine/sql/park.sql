-- name: add
-- Binary, so that the arrays go over as numpy has them.
COPY chunk (shard, version_id, node, kind, due_at, profiles, seqs, stamps, dues) FROM STDIN (FORMAT binary)

-- name: add_entries
-- One slice of a schedule's run: the people as chunks of entries, per shard.
INSERT INTO chunk (shard, version_id, node, kind, due_at, profiles)
SELECT shard, %(version)s, %(node)s, 1, %(at)s, array_agg(id ORDER BY id)
FROM unnest(%(shards)s, %(ids)s) AS found (shard, id)
GROUP BY shard
