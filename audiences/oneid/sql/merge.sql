-- name: log
-- One row per profile that goes, with herself as she was.
WITH going AS (
    SELECT * FROM unnest(%(survivors)s, %(merged)s, %(kinds)s::text[], %(sources)s::text[], %(lifts)s,
                         %(changed)s::jsonb[], %(taken)s::jsonb[]) WITH ORDINALITY
        AS going (survivor, merged, kind, source, lift, changed, taken, place)
)
INSERT INTO merge (survivor_id, merged_id, at, kind, source, by_id, lift, snapshot, changed, taken)
SELECT g.survivor, g.merged, %(now)s, g.kind, g.source, %(by)s, g.lift, jsonb_build_object(
           'profile', to_jsonb(p),
           'identities', (SELECT coalesce(jsonb_agg(jsonb_build_array(kind, value) ORDER BY kind, value), '[]')
                          FROM identity WHERE profile_id = p.id)
       ), g.changed, g.taken
FROM going g JOIN profile p ON p.id = g.merged ORDER BY g.place
RETURNING id, merged_id

-- name: log_moved
-- What each follower moved.
INSERT INTO merge_moved (merge_id, follower, moved)
SELECT * FROM unnest(%(merges)s, %(followers)s::text[], %(moved)s::jsonb[])

-- name: move_identities
-- Index identity_profile_kind.
UPDATE identity SET profile_id = p.survivor
FROM unnest(%(survivor)s, %(merged)s) AS p (survivor, merged) WHERE identity.profile_id = p.merged

-- name: take_over
-- Only what changed is written: everything else of her row stays as it was to the last digit.
UPDATE profile p
SET attributes = (p.attributes || n.attributes) - ARRAY(SELECT jsonb_array_elements_text(n.gone)),
    tags = p.tags || n.tags, consent = n.consent, zone = n.zone,
    suppressed = ARRAY(SELECT jsonb_array_elements_text(n.suppressed)), updated_at = %(now)s
FROM unnest(%(ids)s, %(attributes)s::jsonb[], %(gone)s::jsonb[], %(tags)s::jsonb[], %(consents)s::jsonb[],
            %(suppressed)s::jsonb[], %(zones)s::text[])
    AS n (id, attributes, gone, tags, consent, suppressed, zone)
WHERE p.id = n.id

-- name: drop
-- Whoever went. All that named them names the survivors by now.
DELETE FROM profile WHERE id = ANY (%(merged)s)

-- name: queued
-- The oldest pairs to be merged (merge_request_queued).
SELECT id, profile_id, other_id, kind, source FROM merge_request WHERE state = 'queued' ORDER BY id LIMIT %(most)s

-- name: still_queued
-- Those of them that still are, for us alone.
SELECT id, profile_id, other_id, kind, source FROM merge_request WHERE id = ANY (%(requests)s) AND state = 'queued'
ORDER BY id FOR UPDATE

-- name: pairs_of
-- Every pair in which one of them stands, in whatever state, for us alone. Merge_request_once and merge_request_other.
SELECT id, profile_id, other_id, state FROM merge_request
WHERE profile_id = ANY (%(profiles)s) OR other_id = ANY (%(profiles)s) ORDER BY id FOR UPDATE

-- name: contradict
-- Somebody has to decide.
UPDATE merge_request r SET state = 'conflict', reason = n.reason
FROM unnest(%(requests)s, %(reasons)s::text[]) AS n (id, reason) WHERE r.id = n.id

-- name: drop_pairs
-- Settled, or asked for twice by now.
DELETE FROM merge_request WHERE id = ANY (%(requests)s)

-- name: point_pairs
-- To whom they are about now.
UPDATE merge_request r SET profile_id = n.profile, other_id = n.other
FROM unnest(%(requests)s, %(profiles)s, %(others)s) AS n (id, profile, other) WHERE r.id = n.id

-- name: forget_snapshots
-- What can no longer be undone keeps no copy of anybody (merge_kept).
UPDATE merge SET snapshot = NULL, changed = NULL WHERE id IN (
    SELECT id FROM merge WHERE at < %(before)s AND snapshot IS NOT NULL ORDER BY at LIMIT %(most)s
)
RETURNING id

-- name: forget_moved
-- The same of what followed. Primary key of merge_moved.
DELETE FROM merge_moved WHERE merge_id = ANY (%(merges)s)
