-- name: make
-- The tables that such an engine would have.
DROP TABLE IF EXISTS naive_walk, naive_step, naive_send, naive_cap;
CREATE TABLE naive_walk (profile_id bigint PRIMARY KEY, step smallint NOT NULL, moved_at timestamptz);
CREATE TABLE naive_step (profile_id bigint, step smallint, yes boolean, at timestamptz, PRIMARY KEY (profile_id, step));
CREATE TABLE naive_send (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, profile_id bigint, body text);
CREATE TABLE naive_cap (profile_id bigint PRIMARY KEY, sent integer)

-- name: enter
-- The sample.
INSERT INTO naive_walk SELECT g, -1, now() FROM generate_series(1, %s) g

-- name: lock
-- One person at a time.
SELECT step FROM naive_walk WHERE profile_id = %s FOR UPDATE

-- name: opted
-- The attribute.
SELECT (attributes ->> 'opt_in')::boolean FROM profile WHERE id = %s

-- name: quiet
-- The count of events.
SELECT count(*) < 3 FROM event JOIN event_type t ON t.id = type_id
WHERE t.name = 'page_view' AND profile_id = %s AND time > now() - interval '7 days'

-- name: cap
-- One more send.
INSERT INTO naive_cap VALUES (%s, 1) ON CONFLICT (profile_id) DO UPDATE SET sent = naive_cap.sent + 1

-- name: send
-- The message, rendered by the database.
INSERT INTO naive_send (profile_id, body) SELECT id, format('hello %%s', attributes ->> 'first_name') FROM profile WHERE id = %s

-- name: write
-- The step's row.
INSERT INTO naive_step VALUES (%s, %s, %s, now())

-- name: move
-- Where she stands.
UPDATE naive_walk SET step = %s, moved_at = now() WHERE profile_id = %s

-- name: left
-- Whether somebody has not come to the end.
SELECT EXISTS (SELECT FROM naive_walk WHERE step < %s)
