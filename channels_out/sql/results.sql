-- name: close_attempts
-- The answers, written to the attempts that were opened for them.
UPDATE attempt a
   SET closed_at = %(now)s, outcome = u.outcome, code = u.code, detail = u.detail, provider_id = u.provider_id
  FROM unnest(
      %(attempts)s::bigint[], %(outcomes)s::smallint[], %(codes)s::text[], %(details)s::text[], %(numbers)s::text[]
  ) AS u (id, outcome, code, detail, provider_id)
 WHERE a.id = u.id

-- name: close_messages
-- Where the messages stand now. Only who still holds the call (`claim`) may say so; but an answer is an answer,
-- even after somebody else has begun to look after an expired call.
UPDATE message m
   SET status = u.status, reason = u.reason, retry_at = u.retry_at, claimed_until = NULL, updated_at = %(now)s,
       tries = m.tries - u.untried
  FROM unnest(
      %(ids)s::bigint[], %(claims)s::timestamptz[], %(statuses)s::smallint[], %(reasons)s::text[],
      %(retry_at)s::timestamptz[], %(untried)s::smallint[]
  ) AS u (id, claim, status, reason, retry_at, untried)
 WHERE m.id = u.id AND m.status = 2 AND (m.claimed_until = u.claim OR u.status IN (3, 5))
RETURNING m.id

-- name: close_late
-- A call given up as unknown has been answered after all. Whoever waited for the outcome has gone on already.
UPDATE message m SET status = u.status, reason = u.reason, updated_at = %(now)s
  FROM unnest(%(ids)s::bigint[], %(statuses)s::smallint[], %(reasons)s::text[]) AS u (id, status, reason)
 WHERE m.id = u.id AND m.status = 6 AND u.status IN (3, 5)

-- name: feed_outcomes
-- For those that wait at their node to hear: one feed row each, read by the next wave of the shard.
INSERT INTO feed (shard, profile_id, kind, at, version_id, enrolment, node, port, body)
SELECT m.shard, m.profile_id, 1, %(now)s, m.version_id, m.seq, m.node, u.port,
       jsonb_build_object('status', u.status, 'reason', m.reason)
  FROM unnest(%(ids)s::bigint[], %(ports)s::smallint[], %(statuses)s::text[]) AS u (id, port, status)
  JOIN message m ON m.id = u.id
 WHERE m.wants_outcome
 ORDER BY m.shard, m.id

-- name: block_account
-- Nothing leaves through this account for a while. Never shortens a block.
UPDATE account SET blocked_until = %(until)s, blocked_code = %(code)s
 WHERE id = %(account)s AND (blocked_until IS NULL OR blocked_until < %(until)s)
