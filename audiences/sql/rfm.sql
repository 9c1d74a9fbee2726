-- name: scores
-- What RFM looks at, for everybody of a stretch. Purchases are read once, each amount is read once (OFFSET 0 keeps
-- the inner query from being merged into the outer), and what leads did is read for those only who never bought.
-- Index event_type_profile_time. Who never bought has a recency of -1.
WITH u AS MATERIALIZED ({people}),
bought AS (
    SELECT profile_id, max(time) FILTER (WHERE is_purchase) AS last,
           {count} FILTER (WHERE is_purchase AND within) AS frequency, sum(amount) FILTER (WHERE within) AS money
    FROM (
        SELECT *, NOT is_refund AND NOT coalesce(amount < 0, false) AS is_purchase FROM (
            SELECT e.profile_id, e.time, {within} AS within, {order} AS order_key, false AS is_refund, {amount} AS amount
            FROM event e {joins}
            WHERE e.profile_id BETWEEN %(first)s AND %(last)s AND {purchases} {refunds}
            OFFSET 0
        ) AS read
    ) AS told
    GROUP BY profile_id
),
interested AS (
    SELECT e.profile_id, max(e.time) AS active, count(*) FILTER (WHERE {warm}) AS depth, count(*) FILTER (WHERE {checkout}) AS began
    FROM u JOIN event e ON e.profile_id = u.profile LEFT JOIN bought ON bought.profile_id = u.profile
    WHERE e.profile_id BETWEEN %(first)s AND %(last)s AND bought.last IS NULL AND {interests}
    GROUP BY e.profile_id
)
SELECT array_agg(u.profile) AS id,
       array_agg(CASE WHEN bought.last IS NULL THEN -1 ELSE greatest({days}, 0) END) AS recency,
       array_agg(least(coalesce(frequency, 0), 2147483647)::int) AS frequency,
       array_agg({money}) AS money,
       array_agg(least(coalesce(began, 0), 2147483647)::int) AS began,
       array_agg(least(coalesce(depth, 0), 2147483647)::int) AS depth,
       array_agg(coalesce(active >= {fresh_from}, false) OR coalesce({known} BETWEEN {fresh_from} AND %(at)s::timestamptz, false)) AS fresh,
       array_agg(coalesce(active, '-infinity')) AS active,
       array_agg({known}) AS known
FROM u LEFT JOIN bought ON bought.profile_id = u.profile LEFT JOIN interested ON interested.profile_id = u.profile

-- name: refunds
-- Money given back by events of their own.
UNION ALL
SELECT e.profile_id, e.time, {within}, NULL, true, -abs({amount})
FROM event e {joins}
WHERE e.profile_id BETWEEN %(first)s AND %(last)s AND {conditions}
