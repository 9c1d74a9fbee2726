-- name: append
-- A wave's entries: about one row per journey.
INSERT INTO entry_change (journey_id, quarter, n) SELECT * FROM unnest(%(journey)s, %(quarter)s, %(n)s)
