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
