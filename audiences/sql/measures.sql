-- name: values
-- The numbers of the people of a stretch, and a column of values for each measure.
WITH u AS MATERIALIZED ({people}) SELECT array_agg(u.profile) AS id, {values} FROM u {measures}

-- name: value
-- One of these columns; who has no measure has a value that is no number.
array_agg(coalesce({value}, 'NaN')) AS v{number}

-- name: sweep
-- A measure over the events of a stretch: one index scan per month (event_type_profile_time), one aggregate.
LEFT JOIN (
    SELECT e.profile_id, {aggregate} AS v FROM event e {joins}
    WHERE e.profile_id BETWEEN %(first)s AND %(last)s AND {conditions} GROUP BY e.profile_id
) AS {name} ON {name}.profile_id = u.profile

-- name: fade
-- The same, each value halved for each half-life of its age. OFFSET 0: it is read from the properties once.
LEFT JOIN (
    SELECT profile_id, sum({weighed} * power(0.5::float8, extract(epoch FROM %(at)s::timestamptz - time)::float8 / {seconds})) AS v
    FROM (
        SELECT e.profile_id, e.time, {value} AS value FROM event e {joins}
        WHERE e.profile_id BETWEEN %(first)s AND %(last)s AND {conditions} OFFSET 0
    ) AS e
    GROUP BY profile_id
) AS {name} ON {name}.profile_id = u.profile
