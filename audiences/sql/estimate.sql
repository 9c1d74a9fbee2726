-- name: sample
-- People of one kind with numbers in some blocks (primary key of profile, a short range for each).
SELECT array_agg(id) AS ids FROM unnest(%(starts)s::bigint[]) AS start CROSS JOIN LATERAL (
    SELECT id FROM profile WHERE id >= start AND id < start + %(size)s AND kind = %(kind)s
) AS block
