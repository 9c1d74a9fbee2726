-- name: numbers
-- The messages of some people. Unique key (shard, version_id, profile_id, …): from version to version within a shard,
-- whatever versions there are, then one probe for each.
WITH RECURSIVE people AS (
    SELECT id, (id %% 64)::smallint AS shard FROM unnest(%(profiles)s) AS p (id)
), versions AS (
    SELECT s.shard, (SELECT min(version_id) FROM message m WHERE m.shard = s.shard) AS version
    FROM (SELECT DISTINCT shard FROM people) AS s
    UNION ALL
    SELECT v.shard, (SELECT min(version_id) FROM message m WHERE m.shard = v.shard AND m.version_id > v.version)
    FROM versions v WHERE v.version IS NOT NULL
)
SELECT array_agg(found.id ORDER BY found.id)
FROM people p JOIN versions v ON v.shard = p.shard AND v.version IS NOT NULL
CROSS JOIN LATERAL (
    SELECT m.id FROM message m
    WHERE m.shard = p.shard AND m.version_id = v.version AND m.profile_id = p.id
    OFFSET 0
) AS found

-- name: hold
-- In order of number.
SELECT id FROM message WHERE id = ANY (%(messages)s) ORDER BY id FOR NO KEY UPDATE

-- name: move
-- Owed again where it was only claimed. Primary key of message.
WITH moved AS (
    UPDATE message m
    SET profile_id = p.survivor, shard = (p.survivor %% 64)::smallint, seq = m.seq + p.lift,
        status = CASE m.status WHEN 1 THEN 0 ELSE m.status END,
        claimed_until = CASE m.status WHEN 1 THEN NULL ELSE m.claimed_until END
    FROM unnest(%(merge)s, %(survivor)s, %(merged)s, %(lift)s) AS p (merge, survivor, merged, lift)
    WHERE m.id = ANY (%(messages)s) AND m.profile_id = p.merged
    RETURNING p.merge, m.id
)
SELECT merge, array_agg(id ORDER BY id) FROM moved GROUP BY merge

-- name: back
-- All but those of walks that stay.
UPDATE message m
SET profile_id = %(merged)s, shard = (%(merged)s::bigint %% 64)::smallint, seq = m.seq - %(lift)s,
    status = CASE m.status WHEN 1 THEN 0 ELSE m.status END,
    claimed_until = CASE m.status WHEN 1 THEN NULL ELSE m.claimed_until END
WHERE m.id = ANY (%(messages)s) AND m.profile_id = %(survivor)s
  AND NOT EXISTS (SELECT FROM unnest(%(journeys)s::text[], %(seqs)s) AS w (journey, seq)
                  WHERE w.journey = m.journey AND w.seq = m.seq)
RETURNING m.id

-- name: move_corrections
-- What dispatch owes her shard (cap_change_shard); normally nothing.
UPDATE cap_change c SET profile_id = p.survivor, shard = (p.survivor %% 64)::smallint
FROM unnest(%(survivor)s, %(merged)s) AS p (survivor, merged)
WHERE c.shard = (p.merged %% 64)::smallint AND c.profile_id = p.merged

-- name: corrections_back
UPDATE cap_change SET profile_id = %(merged)s, shard = (%(merged)s::bigint %% 64)::smallint
WHERE shard = (%(survivor)s::bigint %% 64)::smallint AND message_id = ANY (%(messages)s)

-- name: take_uses
-- What she has reserved under each cap there is. Primary key of cap_use.
WITH taken AS (
    DELETE FROM cap_use u USING unnest(%(merge)s, %(merged)s) AS p (merge, merged), cap c
    WHERE u.shard = (p.merged %% 64)::smallint AND u.cap_id = c.id AND u.profile_id = p.merged
    RETURNING p.merge, u.cap_id, u.times
)
SELECT merge, cap_id, to_jsonb(times)::text FROM taken

-- name: join_uses
-- To what the survivors have reserved, ascending, nothing left out.
INSERT INTO cap_use AS u (shard, cap_id, profile_id, times)
SELECT (p.survivor %% 64)::smallint, n.cap, p.survivor, array_agg(t.at::timestamptz ORDER BY t.at::timestamptz)
FROM unnest(%(merges)s, %(caps)s, %(times)s::jsonb[]) AS n (merge, cap, times)
JOIN unnest(%(merge)s, %(survivor)s) AS p (merge, survivor) ON p.merge = n.merge
CROSS JOIN LATERAL jsonb_array_elements_text(n.times) AS t (at)
GROUP BY p.survivor, n.cap
ON CONFLICT (shard, cap_id, profile_id) DO UPDATE
SET times = (SELECT array_agg(t ORDER BY t) FROM unnest(u.times || excluded.times) AS t)

-- name: uses_back
-- A copy, of caps that are still there.
INSERT INTO cap_use (shard, cap_id, profile_id, times)
SELECT (%(merged)s::bigint %% 64)::smallint, n.cap, %(merged)s,
       ARRAY(SELECT t.at::timestamptz FROM jsonb_array_elements_text(n.times) AS t (at))
FROM unnest(%(caps)s, %(times)s::jsonb[]) AS n (cap, times) JOIN cap ON cap.id = n.cap
