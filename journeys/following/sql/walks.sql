-- name: highest
-- The highest number of a walk of each, over all journeys. Primary key of enrolment, one probe per journey.
SELECT array_agg((
    SELECT coalesce(max(e.seq), 0) FROM journey j CROSS JOIN LATERAL (
        SELECT seq FROM enrolment
        WHERE shard = (p.id %% 64)::smallint AND journey_id = j.id AND profile_id = p.id
        ORDER BY seq DESC LIMIT 1
    ) AS e
) ORDER BY p.place) AS highest
FROM unnest(%(profiles)s) WITH ORDINALITY AS p (id, place)

-- name: live
-- The walks under way of some people. Primary key of enrolment, one probe per person and journey.
SELECT array_agg(e.profile_id) AS profile, array_agg(e.journey_id) AS journey, array_agg(e.version_id) AS version,
       array_agg(e.seq) AS seq, array_agg(e.entered_at) AS entered, array_agg(e.key) AS key, array_agg(j.slug) AS slug
FROM unnest(%(profiles)s) AS p (id) CROSS JOIN journey j CROSS JOIN LATERAL (
    SELECT * FROM enrolment
    WHERE shard = (p.id %% 64)::smallint AND journey_id = j.id AND profile_id = p.id AND left_at IS NULL
    OFFSET 0
) e

-- name: walks
-- All walks of some people, with their places: nothing else can change them while their shards are held.
SELECT array_agg(e.place::text) AS place, array_agg(e.profile_id) AS profile, array_agg(e.version_id) AS version,
       array_agg(e.seq) AS seq, array_agg(coalesce(e.reason, 0)::smallint) AS reason,
       array_agg(e.goal_at IS NOT NULL) AS goal, array_agg(j.slug) AS slug
FROM unnest(%(profiles)s) AS p (id) CROSS JOIN journey j CROSS JOIN LATERAL (
    SELECT ctid AS place, * FROM enrolment
    WHERE shard = (p.id %% 64)::smallint AND journey_id = j.id AND profile_id = p.id
    OFFSET 0
) e

-- name: some_walks
-- The same of one person, by journey and number. Primary key of enrolment.
SELECT array_agg(e.place::text) AS place, array_agg(e.profile_id) AS profile, array_agg(e.version_id) AS version,
       array_agg(e.seq) AS seq, array_agg(coalesce(e.reason, 0)::smallint) AS reason,
       array_agg(e.goal_at IS NOT NULL) AS goal, array_agg(j.slug) AS slug
FROM unnest(%(slugs)s::text[], %(seqs)s) AS w (slug, seq) JOIN journey j ON j.slug = w.slug CROSS JOIN LATERAL (
    SELECT ctid AS place, * FROM enrolment
    WHERE shard = (%(survivor)s::bigint %% 64)::smallint AND journey_id = j.id AND profile_id = %(survivor)s
      AND seq = w.seq
    OFFSET 0
) e

-- name: move_walks
-- To whose they are now. A walk under way gets a new stamp: whatever was written for the old one wakes nobody.
UPDATE enrolment e
SET profile_id = m.profile, shard = (m.profile %% 64)::smallint, seq = e.seq + m.lift,
    stamp = e.stamp + (e.left_at IS NULL)::integer
FROM unnest(%(place)s::text[]::tid[], %(profile)s, %(lift)s) AS m (place, profile, lift)
WHERE e.ctid = m.place

-- name: move_paths
-- Index path_profile, in each month.
UPDATE path SET profile_id = p.survivor, shard = (p.survivor %% 64)::smallint, seq = path.seq + p.lift
FROM unnest(%(survivor)s, %(merged)s, %(lift)s) AS p (survivor, merged, lift)
WHERE path.profile_id = p.merged

-- name: paths_back
-- The same, of some walks.
UPDATE path SET profile_id = %(merged)s, shard = (%(merged)s::bigint %% 64)::smallint, seq = path.seq - %(lift)s
FROM unnest(%(versions)s, %(seqs)s) AS w (version, seq)
WHERE path.profile_id = %(survivor)s AND path.version_id = w.version AND path.seq = w.seq

-- name: move_held
-- What waits for the resume of a journey. Index held_feed_profile.
UPDATE held_feed f
SET profile_id = p.survivor, shard = (p.survivor %% 64)::smallint, enrolment = f.enrolment + p.lift
FROM unnest(%(survivor)s, %(merged)s, %(lift)s) AS p (survivor, merged, lift)
WHERE f.profile_id = p.merged

-- name: move_errors
-- Index walk_error_profile.
WITH moved AS (
    UPDATE walk_error w SET profile_id = p.survivor, shard = (p.survivor %% 64)::smallint
    FROM unnest(%(merge)s, %(survivor)s, %(merged)s) AS p (merge, survivor, merged)
    WHERE w.profile_id = p.merged
    RETURNING p.merge, w.id
)
SELECT merge, array_agg(id ORDER BY id) FROM moved GROUP BY merge

-- name: errors_back
UPDATE walk_error SET profile_id = %(merged)s, shard = (%(merged)s::bigint %% 64)::smallint
WHERE profile_id = %(survivor)s AND id = ANY (%(ids)s)

-- name: move_counts
-- What each walk has counted, by what its paths and its row say: the ways it took, the nodes it came to (a node has at
-- most one arrival of a walk: canvases have no circles), where it left, why, and its goal. Index path_profile.
WITH walk AS (
    SELECT * FROM unnest(%(origin)s, %(target)s, %(profile)s, %(version)s, %(seq)s, %(reason)s, %(goal)s)
        AS walk (origin, target, profile, version, seq, reason, goal)
), step AS (
    SELECT w.*, (code >> 6)::smallint AS node, (code & 63)::smallint AS port
    FROM walk w JOIN path ON path.profile_id = w.profile AND path.version_id = w.version AND path.seq = w.seq
    CROSS JOIN unnest(path.codes) AS code
), counted AS (
    SELECT origin, target, version, node, (CASE port WHEN 62 THEN -2 ELSE port END)::smallint AS port, count(*) AS n
    FROM step WHERE port < 63 GROUP BY 1, 2, 3, 4, 5
    UNION ALL
    SELECT origin, target, version, node, -1, count(DISTINCT (profile, seq)) FROM step GROUP BY 1, 2, 3, 4
    UNION ALL
    SELECT origin, target, version, -1, reason, count(*) FROM walk WHERE reason <> 0 GROUP BY 1, 2, 3, 5
    UNION ALL
    SELECT origin, target, version, -2, 0, count(*) FROM walk WHERE goal GROUP BY 1, 2, 3
), moved AS (
    SELECT origin AS shard, version, node, port, -n AS n FROM counted
    UNION ALL
    SELECT target, version, node, port, n FROM counted
)
INSERT INTO tally AS t (shard, version_id, node, port, n)
SELECT shard, version, node, port, sum(n) FROM moved GROUP BY 1, 2, 3, 4 HAVING sum(n) <> 0 ORDER BY 1, 2, 3, 4
ON CONFLICT (shard, version_id, node, port) DO UPDATE SET n = t.n + excluded.n

-- name: chunks_with
-- Every chunk of some shards in which any of these people lies: a look into all of a shard's (chunk_due). As
-- `claim.sql` gives them.
SELECT id, shard, version_id, node, kind, due_at, profiles, seqs, stamps, dues
FROM chunk WHERE shard = ANY (%(shards)s) AND profiles && %(profiles)s

-- name: consume
-- Primary key of chunk.
DELETE FROM chunk WHERE id = ANY (%(ids)s)

-- name: waits
-- Walks under way that wait for a time, of people who have just been given some: those above the numbers that they
-- had. Primary key of enrolment.
SELECT array_agg(e.profile_id) AS profile, array_agg(e.version_id) AS version, array_agg(e.node) AS node,
       array_agg(e.seq) AS seq, array_agg(e.stamp) AS stamp, array_agg(e.due_at) AS at
FROM (
    SELECT id, min(lift) AS lift FROM unnest(%(profiles)s, %(after)s) AS p (id, lift) GROUP BY id
) AS p CROSS JOIN journey j CROSS JOIN LATERAL (
    SELECT * FROM enrolment
    WHERE shard = (p.id %% 64)::smallint AND journey_id = j.id AND profile_id = p.id AND seq > p.lift
      AND left_at IS NULL AND due_at IS NOT NULL
    OFFSET 0
) e
