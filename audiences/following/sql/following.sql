-- name: move_events
-- By type and profile in each month (event_type_profile_time).
WITH moved AS (
    UPDATE event e SET profile_id = p.survivor, shard = (p.survivor %% 64)::smallint
    FROM unnest(%(merge)s, %(survivor)s, %(merged)s) AS p (merge, survivor, merged)
    WHERE e.type_id = ANY (%(types)s) AND e.profile_id = p.merged AND e.profile_id = ANY (%(merged)s)
    RETURNING p.merge, e.id
)
SELECT merge, array_agg(id ORDER BY id) FROM moved GROUP BY merge

-- name: events_back
-- The same way back, of those that came with her.
UPDATE event SET profile_id = %(merged)s, shard = (%(merged)s::bigint %% 64)::smallint
WHERE type_id = ANY (%(types)s) AND profile_id = %(survivor)s AND id = ANY (%(ids)s)

-- name: move_feed
-- What a shard has not consumed yet: next to nothing, or its backlog (primary key of feed). Ids stay: they say in which
-- order things of one instant came.
UPDATE feed f SET profile_id = p.survivor, shard = (p.survivor %% 64)::smallint, enrolment = f.enrolment + p.lift
FROM unnest(%(survivor)s, %(merged)s, %(lift)s) AS p (survivor, merged, lift)
WHERE f.shard = (p.merged %% 64)::smallint AND f.profile_id = p.merged

-- name: move_changes
-- Index profile_change_profile in each month.
WITH moved AS (
    UPDATE profile_change c SET profile_id = p.survivor, shard = (p.survivor %% 64)::smallint
    FROM unnest(%(merge)s, %(survivor)s, %(merged)s) AS p (merge, survivor, merged)
    WHERE c.profile_id = p.merged
    RETURNING p.merge, c.id
)
SELECT merge, array_agg(id ORDER BY id) FROM moved GROUP BY merge

-- name: changes_back
UPDATE profile_change SET profile_id = %(merged)s, shard = (%(merged)s::bigint %% 64)::smallint
WHERE profile_id = %(survivor)s AND id = ANY (%(ids)s)

-- name: move_consents
-- Index on profile_id.
WITH moved AS (
    UPDATE consent_change c SET profile_id = p.survivor
    FROM unnest(%(merge)s, %(survivor)s, %(merged)s) AS p (merge, survivor, merged)
    WHERE c.profile_id = p.merged
    RETURNING p.merge, c.id
)
SELECT merge, array_agg(id ORDER BY id) FROM moved GROUP BY merge

-- name: consents_back
UPDATE consent_change SET profile_id = %(merged)s WHERE profile_id = %(survivor)s AND id = ANY (%(ids)s)
