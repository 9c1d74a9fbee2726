-- name: find
-- Results of some leaves that are not too old (primary key of leaf_result): the best of each first.
SELECT key, at, upto, parts FROM leaf_result
WHERE key = ANY(%(keys)s::uuid[]) AND at <= %(at)s AND at >= %(oldest)s
ORDER BY key, upto IS NOT NULL, at DESC

-- name: keep
-- `kept_at` is the machine's time, whatever instant was asked about.
INSERT INTO leaf_result AS kept (key, at, upto, parts, kept_at)
VALUES (%(key)s, %(at)s, %(upto)s, %(parts)s::bytea[], statement_timestamp())
ON CONFLICT (key, at) DO UPDATE SET upto = excluded.upto, parts = excluded.parts, kept_at = excluded.kept_at

-- name: forget
-- What nobody asks for any more; the table holds some hundreds of rows.
DELETE FROM leaf_result WHERE kept_at < statement_timestamp() - interval '1 hour'
