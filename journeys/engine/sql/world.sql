-- name: workspace
-- Its one row.
SELECT zone, holdout_salt, holdout_percent, holdout_kinds FROM workspace

-- name: versions
-- Every version that people are inside of or may enter, in walking order. A paused journey is paused in all of its
-- versions, those that drain too.
SELECT v.id, v.journey_id, j.slug, CASE j.status WHEN 'paused' THEN j.status ELSE v.status END, v.priority
FROM version v JOIN journey j ON j.id = v.journey_id
WHERE v.status <> 'ended'
ORDER BY v.priority DESC, v.journey_id, v.id

-- name: canvases
-- Of versions that this process has not compiled yet. Primary key of version.
SELECT id, canvas::text FROM version WHERE id = ANY (%(versions)s)

-- name: accounts
-- By slug, and which is the default of its channel.
SELECT slug, channel, id, is_default FROM account

-- name: templates
-- The content of every template.
SELECT slug, channel, content::text FROM template
