"""Messages are counted by version, node and status, by the database itself."""

from django.db import migrations, models

STATUSES = [
    (0, "queued"),
    (1, "claimed"),
    (2, "calling"),
    (3, "sent"),
    (4, "delivered"),
    (5, "failed"),
    (6, "unknown"),
    (7, "skipped"),
    (8, "capped"),
    (9, "unreachable"),
]

# Changes live for seconds: vacuum by number.
STORAGE = "ALTER TABLE message_change SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000)"

# Once a statement, over all its rows: a row that moves costs its place in the transition table and no more. What a
# statement leaves in its status adds up to nothing and is not written.
COUNT = """
CREATE FUNCTION count_messages() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO message_change (version_id, node, status, n)
        SELECT version_id, node, status, count(*) FROM became GROUP BY 1, 2, 3;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO message_change (version_id, node, status, n)
        SELECT version_id, node, status, -count(*) FROM was GROUP BY 1, 2, 3;
    ELSE
        INSERT INTO message_change (version_id, node, status, n)
        SELECT version_id, node, status, sum(n) FROM (
            SELECT version_id, node, status, 1 AS n FROM became
            UNION ALL
            SELECT version_id, node, status, -1 FROM was
        ) moved
        GROUP BY 1, 2, 3 HAVING sum(n) <> 0;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER message_counted_new AFTER INSERT ON message
    REFERENCING NEW TABLE AS became FOR EACH STATEMENT EXECUTE FUNCTION count_messages();
CREATE TRIGGER message_counted_moved AFTER UPDATE ON message
    REFERENCING OLD TABLE AS was NEW TABLE AS became FOR EACH STATEMENT EXECUTE FUNCTION count_messages();
CREATE TRIGGER message_counted_gone AFTER DELETE ON message
    REFERENCING OLD TABLE AS was FOR EACH STATEMENT EXECUTE FUNCTION count_messages();
"""

FORGET = """
DROP TRIGGER message_counted_new ON message;
DROP TRIGGER message_counted_moved ON message;
DROP TRIGGER message_counted_gone ON message;
DROP FUNCTION count_messages();
"""


class Migration(migrations.Migration):
    dependencies = [("channels_out", "0002_storage")]

    operations = [
        migrations.CreateModel(
            name="MessageCount",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "version_id", "node", "status", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("version_id", models.IntegerField()),
                ("node", models.SmallIntegerField()),
                ("status", models.SmallIntegerField(choices=STATUSES)),
                ("n", models.BigIntegerField()),
            ],
            options={"db_table": "message_count"},
        ),
        migrations.CreateModel(
            name="MessageChange",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("version_id", models.IntegerField()),
                ("node", models.SmallIntegerField()),
                ("status", models.SmallIntegerField(choices=STATUSES)),
                ("n", models.BigIntegerField()),
            ],
            options={"db_table": "message_change"},
        ),
        migrations.RunSQL(STORAGE, migrations.RunSQL.noop),
        migrations.RunSQL(COUNT, FORGET),
    ]
