-- name: revive
-- Her row as it was, whatever columns it has.
INSERT INTO profile SELECT (jsonb_populate_record(NULL::profile, snapshot -> 'profile')).* FROM merge WHERE id = %(merge)s

-- name: identities_back
-- Those that are still the survivor's. Primary key of identity.
UPDATE identity i SET profile_id = m.merged_id
FROM merge m CROSS JOIN LATERAL jsonb_array_elements(m.snapshot -> 'identities') AS hers (pair)
WHERE m.id = %(merge)s AND i.kind = hers.pair ->> 0 AND i.value = hers.pair ->> 1 AND i.profile_id = m.survivor_id

-- name: refused_by_both
-- Until now a withdrawal of either was one of both, and nobody can say any more by which identity it came; nor which
-- of two addresses a channel was suppressed for, if it was not `known` to be when they were merged.
UPDATE profile p SET suppressed = ARRAY(
    SELECT channel FROM unnest(p.suppressed) AS channel
    UNION SELECT channel FROM unnest(s.suppressed) AS channel WHERE channel <> ALL (%(known)s::text[])
    ORDER BY channel
), consent = p.consent || (
    SELECT coalesce(jsonb_object_agg(channel, coalesce(p.consent -> channel, '{}') || withdrawn), '{}') FROM (
        SELECT channel, jsonb_object_agg(category, false) AS withdrawn
        FROM jsonb_each(s.consent) AS agreed (channel, categories), jsonb_each(agreed.categories) AS each (category, given)
        WHERE each.given = 'false' GROUP BY channel
    ) AS gone
)
FROM profile s WHERE p.id = %(merged)s AND s.id = %(survivor)s

-- name: give_up
-- The survivor without what came from her who goes.
UPDATE profile
SET attributes = (attributes || %(attributes)s::jsonb) - %(no_attributes)s::text[],
    tags = (tags || %(tags)s::jsonb) - %(no_tags)s::text[],
    consent = %(consent)s::jsonb, zone = %(zone)s, updated_at = %(now)s
WHERE id = %(survivor)s

-- name: keep_apart
-- For good, until somebody says otherwise.
INSERT INTO merge_request (profile_id, other_id, kind, source, at, state, decided_by_id, decided_at)
VALUES (%(one)s, %(other)s, %(kind)s, %(source)s, %(at)s, 'apart', %(by)s, %(now)s)
ON CONFLICT (profile_id, other_id) DO UPDATE
SET state = 'apart', reason = NULL, decided_by_id = excluded.decided_by_id, decided_at = excluded.decided_at
