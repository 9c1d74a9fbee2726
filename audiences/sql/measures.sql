-- name: values
-- The numbers of the people of a stretch, and a column of values for each measure.
WITH u AS MATERIALIZED ({people}) SELECT array_agg(u.profile) AS id, {values} FROM u {measures}

-- name: value
-- One of these columns; who has no measure has a value that is no number.
array_agg(coalesce({value}, 'NaN')) AS v{number}

-- name: sweep
-- A measure over the events of a stretch: one index scan per month (event_type_profile_time), one aggregate.
LEFT JOIN (
    SELECT u.ord, {aggregate} AS v FROM u JOIN event e ON e.profile_id = u.profile {joins}
    WHERE e.profile_id BETWEEN %(first)s AND %(last)s AND {conditions} GROUP BY u.ord
) AS {name} ON {name}.ord = u.ord

-- name: fade
-- The same, each value halved for each half-life of its age. OFFSET 0: it is read from the properties once.
LEFT JOIN (
    SELECT ord, sum({weighed} * power(0.5::float8, extract(epoch FROM at - time)::float8 / {seconds})) AS v
    FROM (
        SELECT u.ord, u.at, e.time, {value} AS value FROM u JOIN event e ON e.profile_id = u.profile {joins}
        WHERE e.profile_id BETWEEN %(first)s AND %(last)s AND {conditions} OFFSET 0
    ) AS e
    GROUP BY ord
) AS {name} ON {name}.ord = u.ord
