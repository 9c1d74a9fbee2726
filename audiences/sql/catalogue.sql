-- name: attributes
-- The whole table; a few hundred rows.
SELECT name, type, declared, label, lookup FROM attribute_type

-- name: events
-- The whole table; a few hundred rows.
SELECT id, name, properties, declared, label, slots FROM event_type

-- name: words
-- Everything else that a rule may name, as one row: tags, audiences and look-up tables by their short names. The
-- definition of an audience stays text: few of them are ever read. The values of a model's tag are its latest cells.
SELECT (SELECT coalesce(json_object_agg(slug, json_build_object(
            'type', type, 'label', label, 'people', kind, 'group', "group", 'source', source, 'cases', coalesce((
                SELECT jsonb_agg(jsonb_build_object('value', cell))
                FROM segmentation s CROSS JOIN LATERAL (
                    SELECT sizes FROM segmentation_run r WHERE r.segmentation_id = s.id ORDER BY day DESC LIMIT 1
                ) AS newest CROSS JOIN LATERAL jsonb_object_keys(sizes) AS cell
                WHERE source = 'model' AND s.slug = tag.slug
            ), cases),
            'declared', declared
        )), '{}') FROM tag)::text,
       (SELECT coalesce(json_object_agg(slug, json_build_object(
            'id', id, 'name', name, 'people', kind, 'definition', definition::text, 'size', size,
            'archived', archived_at IS NOT NULL
        )), '{}') FROM audience)::text,
       (SELECT coalesce(json_object_agg(slug, json_build_object(
            'id', id, 'label', label, 'key', "key", 'columns', columns
        )), '{}') FROM lookup_table)::text

-- name: identity_kinds
-- The kinds of identity that anybody has: a descent of the primary key per kind, not a scan.
WITH RECURSIVE kinds AS (
    (SELECT kind FROM identity ORDER BY kind LIMIT 1)
    UNION ALL
    SELECT (SELECT i.kind FROM identity i WHERE i.kind > kinds.kind ORDER BY i.kind LIMIT 1) FROM kinds WHERE kind IS NOT NULL
)
SELECT kind FROM kinds WHERE kind IS NOT NULL
