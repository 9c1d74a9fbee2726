-- name: fold
-- Takes the oldest changes and adds them to their counters; those that another fold holds are passed over. In key
-- order: two folds that meet in the same counters wait for one another, never in a circle. Primary keys of both tables.
WITH taken AS (
    DELETE FROM {name}_change WHERE id IN (
        SELECT id FROM {name}_change ORDER BY id LIMIT %(most)s FOR UPDATE SKIP LOCKED
    )
    RETURNING {key}, n
), added AS (
    INSERT INTO {name}_count AS c ({key}, n)
    SELECT {key}, sum(n) FROM taken GROUP BY {key} HAVING sum(n) <> 0 ORDER BY {key}
    ON CONFLICT ({key}) DO UPDATE SET n = c.n + excluded.n
)
SELECT count(*) FROM taken
