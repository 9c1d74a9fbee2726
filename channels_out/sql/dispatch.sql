-- name: adopt
-- Messages written when their channel had no account, now that it has a default one. Reads message_queued
-- (account_id IS NULL).
UPDATE message m SET account_id = a.id
  FROM account a
 WHERE a.channel = m.channel AND a.is_default AND m.id IN (
     SELECT id FROM message WHERE account_id IS NULL AND status = 0 AND retry_at IS NULL
        AND channel IN (SELECT channel FROM account WHERE is_default)
      ORDER BY id LIMIT %(most)s FOR NO KEY UPDATE SKIP LOCKED
 )

-- name: backlog
-- Accounts that have something to send: one probe of message_queued and message_retry each.
SELECT a.id FROM account a
 WHERE a.enabled AND (a.blocked_until IS NULL OR a.blocked_until <= %(now)s) AND (
     EXISTS (SELECT 1 FROM message m WHERE m.account_id = a.id AND m.status = 0 AND m.retry_at IS NULL)
  OR EXISTS (SELECT 1 FROM message m WHERE m.account_id = a.id AND m.status = 0 AND m.retry_at <= %(now)s))
 ORDER BY a.id

-- name: claim_fresh
-- Takes the oldest messages of an account for this dispatcher, until a given instant. Reads message_queued.
WITH picked AS MATERIALIZED (
    SELECT id FROM message
     WHERE account_id = %(account)s AND status = 0 AND retry_at IS NULL
     ORDER BY id LIMIT %(most)s FOR NO KEY UPDATE SKIP LOCKED
)
UPDATE message m SET status = 1, claimed_until = %(until)s, updated_at = %(now)s
  FROM picked WHERE m.id = picked.id
RETURNING m.id

-- name: claim_due
-- The same for messages whose time to try again has come. Reads message_retry.
WITH picked AS MATERIALIZED (
    SELECT id FROM message
     WHERE account_id = %(account)s AND status = 0 AND retry_at <= %(now)s
     ORDER BY retry_at LIMIT %(most)s FOR NO KEY UPDATE SKIP LOCKED
)
UPDATE message m SET status = 1, claimed_until = %(until)s, updated_at = %(now)s
  FROM picked WHERE m.id = picked.id
RETURNING m.id

-- name: read
-- What the door and the call need to know, oldest first. Reads the key.
SELECT id, shard, profile_id, version_id, seq, node, journey, channel, category, transactional, drop_in_quiet,
       wants_outcome, zone, tries, address, coalesce(content, '{}'), at, stale_at, coalesce(reserved_at, at),
       claimed_until
  FROM message WHERE id = ANY (%(ids)s) ORDER BY id

-- name: release
-- Claims given back untouched. Guarded by the claim: what has expired meanwhile is somebody else's.
UPDATE message SET status = 0, claimed_until = NULL, updated_at = %(now)s
 WHERE id = ANY (%(ids)s) AND status = 1 AND claimed_until = ANY (%(claims)s)

-- name: open
-- Committed just before the calls: from here on a crash leaves doubt about these, and only these.
WITH opened AS (
    UPDATE message m SET status = 2, claimed_until = %(until)s, tries = tries + 1, updated_at = %(now)s
      FROM unnest(%(ids)s::bigint[], %(claims)s::timestamptz[]) AS u (id, claim)
     WHERE m.id = u.id AND m.status = 1 AND m.claimed_until = u.claim
    RETURNING m.id, m.account_id
)
INSERT INTO attempt (message_id, account_id, opened_at)
SELECT id, account_id, %(now)s FROM opened ORDER BY id
RETURNING id, message_id

-- name: unopen
-- Opened in a transaction whose end nobody saw, and never called: surely not sent, so owed again.
WITH back AS (
    UPDATE message m SET status = 0, claimed_until = NULL, tries = tries - 1, updated_at = %(now)s
      FROM unnest(%(ids)s::bigint[], %(untils)s::timestamptz[]) AS u (id, until)
     WHERE m.id = u.id AND m.status = 2 AND m.claimed_until = u.until
    RETURNING m.id
)
UPDATE attempt a SET closed_at = %(now)s, outcome = 2, code = 'not_called'
  FROM back WHERE a.message_id = back.id AND a.closed_at IS NULL

-- name: put_off
-- The door says: not now. Back to the queue until then. In quiet hours the message is held: that time is no age.
UPDATE message m
   SET status = 0, claimed_until = NULL, retry_at = u.again, reason = u.reason, updated_at = %(now)s,
       stale_at = CASE WHEN u.held THEN m.stale_at + (u.again - %(now)s) ELSE m.stale_at END
  FROM unnest(
      %(ids)s::bigint[], %(claims)s::timestamptz[], %(again)s::timestamptz[], %(reasons)s::text[], %(held)s::boolean[]
  ) AS u (id, claim, again, reason, held)
 WHERE m.id = u.id AND m.status = 1 AND m.claimed_until = u.claim
RETURNING m.id

-- name: refuse
-- The door says: not at all.
UPDATE message m SET status = u.status, claimed_until = NULL, reason = u.reason, updated_at = %(now)s
  FROM unnest(%(ids)s::bigint[], %(claims)s::timestamptz[], %(statuses)s::smallint[], %(reasons)s::text[])
       AS u (id, claim, status, reason)
 WHERE m.id = u.id AND m.status = 1 AND m.claimed_until = u.claim
RETURNING m.id

-- name: expired_claims
-- Whoever claimed these is gone; nothing was opened, so they are simply owed again. Reads message_held.
UPDATE message SET status = 0, claimed_until = NULL, updated_at = %(now)s
 WHERE id IN (
     SELECT id FROM message WHERE status = 1 AND claimed_until <= %(now)s
      ORDER BY claimed_until LIMIT %(most)s FOR NO KEY UPDATE SKIP LOCKED
 )

-- name: expired_calls
-- Whoever opened these is gone, or its call has outlived its lease: ours to judge, for one lease. Reads message_held.
WITH picked AS MATERIALIZED (
    SELECT id FROM message WHERE status = 2 AND claimed_until <= %(now)s
     ORDER BY claimed_until LIMIT %(most)s FOR NO KEY UPDATE SKIP LOCKED
)
UPDATE message m SET claimed_until = %(until)s
  FROM picked WHERE m.id = picked.id
RETURNING m.id, m.account_id,
          (SELECT max(a.id) FROM attempt a WHERE a.message_id = m.id AND a.closed_at IS NULL)
