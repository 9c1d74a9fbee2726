-- name: forget_history
-- What came before the replay's beginning starts nothing.
DELETE FROM feed WHERE at < %(begin)s

-- name: known_from_the_start
-- People of the profiles file, as it is at the beginning.
UPDATE profile SET created_at = '-infinity'

-- name: known_by_events
-- People who appear first in an event.
UPDATE profile SET created_at = seen.first
FROM (SELECT profile_id, min(time) AS first FROM event GROUP BY profile_id) seen
WHERE profile.id = seen.profile_id AND profile.created_at > seen.first

-- name: messages
-- With the person's name in outputs, in the order that the contract asks for.
SELECT coalesce('member_id:' || m.value, p.unit), message.journey, message.node_id, message.channel, message.at,
       CASE message.status WHEN 7 THEN 'skipped' WHEN 8 THEN 'capped' WHEN 9 THEN 'unreachable' ELSE 'sent' END,
       message.reason, message.variant, message.content
FROM message
JOIN profile p ON p.id = message.profile_id
LEFT JOIN LATERAL (SELECT value FROM identity i WHERE i.profile_id = p.id AND i.kind = 'member_id'
                   ORDER BY value LIMIT 1) m ON true
ORDER BY message.at, 1, message.node_id, message.journey, message.seq

-- name: held
-- Who is still held at a message when the replay ends.
SELECT coalesce('member_id:' || m.value, p.unit), e.version_id, e.node, e.due_at, e.hold
FROM enrolment e
JOIN profile p ON p.id = e.profile_id
LEFT JOIN LATERAL (SELECT value FROM identity i WHERE i.profile_id = p.id AND i.kind = 'member_id'
                   ORDER BY value LIMIT 1) m ON true
WHERE e.left_at IS NULL AND e.hold IS NOT NULL
ORDER BY e.due_at, 1, e.node, e.version_id, e.seq

-- name: paths
-- Every walk's rows in its own order.
SELECT coalesce('member_id:' || m.value, p.unit) AS name, path.version_id, path.seq, path.at, path.codes
FROM path
JOIN profile p ON p.id = path.profile_id
LEFT JOIN LATERAL (SELECT value FROM identity i WHERE i.profile_id = p.id AND i.kind = 'member_id'
                   ORDER BY value LIMIT 1) m ON true
ORDER BY name, path.version_id, path.seq, path.stamp
