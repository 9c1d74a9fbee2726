-- name: of_people
-- Every enrolment, ended ones too, of people in the journeys that may react to them: re-entry asks for
-- the past, a goal may be met after the walk. Primary key of enrolment, one probe per person and journey:
-- OFFSET 0 keeps it so. A table that grew by a million rows since its last ANALYZE looks empty to the planner,
-- which then loops over it the other way round (measured: 25 times slower).
SELECT array_agg(e.profile_id) AS profile, array_agg(e.shard) AS shard, array_agg(e.journey_id) AS journey,
       array_agg(e.version_id) AS version, array_agg(e.seq) AS seq, array_agg(e.node) AS node,
       array_agg(e.stamp) AS stamp, array_agg(e.entered_at) AS entered, array_agg(e.node_at) AS node_at,
       array_agg(coalesce(e.due_at, '-infinity')) AS due, array_agg(coalesce(e.left_at, '-infinity')) AS "left", array_agg(coalesce(e.reason, 0)::smallint) AS reason,
       array_agg(coalesce(e.goal_at, '-infinity')) AS goal_at, array_agg(coalesce(e.goal_value, 'NaN')) AS goal_value,
       array_agg(coalesce(e.hold, 0)::smallint) AS hold, array_agg(coalesce(e.held_since, '-infinity')) AS held_since, array_agg(coalesce(e.entry_event, 0)) AS entry_event,
       array_agg(e.place::text) AS place, array_agg(e.key) AS key, array_agg(e.data::text) AS data
FROM unnest(%(shards)s, %(profiles)s) AS who (shard, profile_id)
CROSS JOIN LATERAL (
    SELECT ctid AS place, * FROM enrolment
    WHERE shard = who.shard AND journey_id = %(journey)s AND profile_id = who.profile_id
    OFFSET 0
) e

-- name: of_members
-- Exactly the enrolments that due chunks name, and still as the chunk knew them. Primary key of enrolment.
SELECT array_agg(e.profile_id) AS profile, array_agg(e.shard) AS shard, array_agg(e.journey_id) AS journey,
       array_agg(e.version_id) AS version, array_agg(e.seq) AS seq, array_agg(e.node) AS node,
       array_agg(e.stamp) AS stamp, array_agg(e.entered_at) AS entered, array_agg(e.node_at) AS node_at,
       array_agg(coalesce(e.due_at, '-infinity')) AS due, array_agg(coalesce(e.left_at, '-infinity')) AS "left", array_agg(coalesce(e.reason, 0)::smallint) AS reason,
       array_agg(coalesce(e.goal_at, '-infinity')) AS goal_at, array_agg(coalesce(e.goal_value, 'NaN')) AS goal_value,
       array_agg(coalesce(e.hold, 0)::smallint) AS hold, array_agg(coalesce(e.held_since, '-infinity')) AS held_since, array_agg(coalesce(e.entry_event, 0)) AS entry_event,
       array_agg(e.place::text) AS place, array_agg(e.key) AS key, array_agg(e.data::text) AS data
FROM (SELECT DISTINCT * FROM unnest(%(shards)s, %(profiles)s, %(seqs)s) AS asked (shard, profile_id, seq)) who
CROSS JOIN LATERAL (
    SELECT ctid AS place, * FROM enrolment
    WHERE shard = who.shard AND journey_id = %(journey)s AND profile_id = who.profile_id AND seq = who.seq
    OFFSET 0
) e
WHERE e.left_at IS NULL
