-- name: walking
-- Who of these people is inside a journey: one probe of the key of enrolment per person and journey.
SELECT array_agg(DISTINCT who.id) AS profiles
FROM unnest(%(profiles)s::bigint[]) AS who (id) CROSS JOIN journey j
JOIN enrolment e ON e.shard = who.id %% 64 AND e.journey_id = j.id AND e.profile_id = who.id
WHERE e.left_at IS NULL
