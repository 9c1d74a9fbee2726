"""What leaves of rules gave, kept for a while; the revision of an audience."""

import django.contrib.postgres.fields
from django.db import migrations, models

# Nothing that cannot be found again: no WAL is written for it. Bitmaps are dense already: no compression is tried.
UNLOGGED = """
ALTER TABLE leaf_result SET UNLOGGED;
ALTER TABLE leaf_result ALTER parts SET STORAGE EXTERNAL;
ALTER TABLE audience_members ALTER members SET STORAGE EXTERNAL;
"""
LOGGED = """
ALTER TABLE leaf_result SET LOGGED;
ALTER TABLE audience_members ALTER members SET STORAGE EXTENDED;
"""


class Migration(migrations.Migration):
    dependencies = [("audiences", "0004_audiences_tags_lookups")]

    operations = [
        migrations.CreateModel(
            name="LeafResult",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "key", "at", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("key", models.UUIDField()),
                ("at", models.DateTimeField(verbose_name="as of")),
                ("upto", models.BigIntegerField(null=True)),
                (
                    "parts",
                    django.contrib.postgres.fields.ArrayField(base_field=models.BinaryField(), size=None),
                ),
                ("kept_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "result of a leaf",
                "verbose_name_plural": "results of leaves",
                "db_table": "leaf_result",
            },
        ),
        migrations.RunSQL(UNLOGGED, LOGGED),
        migrations.AddField(
            model_name="audience",
            name="revision",
            field=models.PositiveIntegerField(db_default=1, default=1, editable=False, verbose_name="revision"),
        ),
    ]
