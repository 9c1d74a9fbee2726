-- name: newest
-- The newest messages of one profile. The key leads with shard and version: the versions of the shard are found one
-- descent each, and then her messages in each of them.
WITH RECURSIVE versions AS (
    (SELECT version_id FROM message WHERE shard = %(profile)s %% 64 ORDER BY version_id LIMIT 1)
    UNION ALL
    SELECT (
        SELECT m.version_id FROM message m WHERE m.shard = %(profile)s %% 64 AND m.version_id > versions.version_id
        ORDER BY m.version_id LIMIT 1
    ) FROM versions WHERE version_id IS NOT NULL
)
SELECT m.id FROM versions CROSS JOIN LATERAL (
    SELECT id, at FROM message
    WHERE shard = %(profile)s %% 64 AND version_id = versions.version_id AND profile_id = %(profile)s
) AS m
ORDER BY m.at DESC, m.id DESC LIMIT %(most)s
