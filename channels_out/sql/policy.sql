-- name: people
-- What policy knows about each person; those who are gone are left out. Reads profile by its key:
-- `= ANY` beats a join with `unnest` five times here, which the planner answers by reading the whole table.
-- consent: 1 given, 0 withdrawn, -1 unknown. The unit only if asked for.
SELECT array_agg(id) AS id, array_agg(zone) AS zone,
       array_agg(coalesce(%(channel)s = ANY (suppressed), false)) AS suppressed,
       array_agg(
           CASE consent -> %(channel)s ->> %(category)s WHEN 'true' THEN 1 WHEN 'false' THEN 0 ELSE -1 END::smallint
       ) AS consent,
       array_agg(CASE WHEN %(with_unit)s THEN unit END) AS unit
  FROM profile WHERE id = ANY (%(profile)s::bigint[])

-- name: addresses
-- The identities of one kind of these people. Reads the index on (profile_id, kind).
SELECT array_agg(profile_id) AS id, array_agg(value) AS value, array_agg(created_at) AS since
  FROM identity WHERE profile_id = ANY (%(profile)s::bigint[]) AND kind = %(kind)s

-- name: holdout
-- The workspace's one row.
SELECT holdout_salt, holdout_percent FROM workspace WHERE id = 1

-- name: quiet_hours
-- All of them: a handful.
SELECT category, channel, from_time, to_time, dates::text FROM quiet_hours ORDER BY id
