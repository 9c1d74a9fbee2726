-- name: merged_since
-- Who was merged away (merge_at).
SELECT coalesce(array_agg(merged_id), '{}') FROM merge WHERE at >= %(since)s AND undone_at IS NULL

-- name: followed
-- From merge to merge (merge_once), a step for each.
WITH RECURSIVE led AS (
    SELECT place, id AS profile, 0 AS step FROM unnest(%(profiles)s) WITH ORDINALITY AS asked (id, place)
    UNION ALL
    SELECT led.place, m.survivor_id, led.step + 1 FROM led
    JOIN merge m ON m.merged_id = led.profile AND m.undone_at IS NULL
)
SELECT array_agg(profile ORDER BY place)
FROM (SELECT DISTINCT ON (place) place, profile FROM led ORDER BY place, step DESC) AS last
