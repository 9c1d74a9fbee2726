-- name: paused
-- Messages of all versions of paused journeys. Primary key of message, version and journey.
SELECT m.id FROM message m JOIN version v ON v.id = m.version_id JOIN journey j ON j.id = v.journey_id
WHERE m.id = ANY (%(messages)s) AND j.status = 'paused'

-- name: left
-- Messages of walks that an exit rule, the red hand or an error ended while they lay in the outbox. A walk that
-- came to its end, reached its goal or stayed as long as it may still gets what it was owed.
SELECT m.id FROM message m
JOIN version v ON v.id = m.version_id
CROSS JOIN LATERAL (
    SELECT reason FROM enrolment
    WHERE shard = m.shard AND journey_id = v.journey_id AND profile_id = m.profile_id AND seq = m.seq
    OFFSET 0
) e
WHERE m.id = ANY (%(messages)s) AND e.reason IN (3, 5, 6, 7)
