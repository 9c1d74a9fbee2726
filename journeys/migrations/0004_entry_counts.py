"""Entries are counted by journey and quarter of an hour; those that were there before, here."""

from django.db import migrations, models

# Changes live for seconds: vacuum by number.
STORAGE = "ALTER TABLE entry_change SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000)"

# Reads `enrolment` once, locks nothing.
EARLIER = """
INSERT INTO entry_change (journey_id, quarter, n)
SELECT journey_id, date_bin('15 minutes', entered_at, '2000-01-01 00:00+00'), count(*) FROM enrolment GROUP BY 1, 2
"""


class Migration(migrations.Migration):
    dependencies = [("journeys", "0003_held_event")]

    operations = [
        migrations.CreateModel(
            name="EntryCount",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "journey_id", "quarter", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("journey_id", models.IntegerField()),
                ("quarter", models.DateTimeField()),
                ("n", models.BigIntegerField()),
            ],
            options={"db_table": "entry_count"},
        ),
        migrations.CreateModel(
            name="EntryChange",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("journey_id", models.IntegerField()),
                ("quarter", models.DateTimeField()),
                ("n", models.BigIntegerField()),
            ],
            options={"db_table": "entry_change"},
        ),
        migrations.RunSQL(STORAGE, migrations.RunSQL.noop),
        migrations.RunSQL(EARLIER, migrations.RunSQL.noop),
    ]
