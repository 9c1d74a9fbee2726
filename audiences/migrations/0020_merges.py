"""The log of merges, what they moved, and what becomes of a pair that is asked for."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("audiences", "0017_first_columns"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Merge",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("survivor_id", models.BigIntegerField(verbose_name="survivor")),
                ("merged_id", models.BigIntegerField(verbose_name="merged profile")),
                ("at", models.DateTimeField(verbose_name="at")),
                ("kind", models.TextField(verbose_name="kind")),
                ("source", models.TextField(verbose_name="source")),
                (
                    "by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                ("lift", models.IntegerField()),
                ("snapshot", models.JSONField(null=True)),
                ("changed", models.JSONField(null=True)),
                ("taken", models.JSONField(db_default={}, default=dict)),
                ("undone_at", models.DateTimeField(null=True, verbose_name="undone")),
                (
                    "undone_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="undone by",
                    ),
                ),
            ],
            options={
                "verbose_name": "merge",
                "verbose_name_plural": "merges",
                "db_table": "merge",
                "permissions": [("merge_profile", "May merge profiles, keep them apart, and undo merges")],
            },
        ),
        migrations.AddIndex(model_name="merge", index=models.Index(fields=["survivor_id"], name="merge_survivor")),
        migrations.AddIndex(model_name="merge", index=models.Index(fields=["at"], name="merge_at")),
        migrations.AddIndex(
            model_name="merge",
            index=models.Index(condition=models.Q(("snapshot__isnull", False)), fields=["at"], name="merge_kept"),
        ),
        migrations.AddConstraint(
            model_name="merge",
            constraint=models.UniqueConstraint(
                condition=models.Q(("undone_at__isnull", True)), fields=("merged_id",), name="merge_once"
            ),
        ),
        migrations.CreateModel(
            name="MergeMoved",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "merge_id", "follower", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("follower", models.TextField()),
                ("moved", models.JSONField()),
                (
                    "merge",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="audiences.merge",
                    ),
                ),
            ],
            options={
                "verbose_name": "what a merge moved",
                "verbose_name_plural": "what merges moved",
                "db_table": "merge_moved",
            },
        ),
        migrations.AddField(
            model_name="mergerequest",
            name="state",
            field=models.TextField(
                choices=[("queued", "will be merged"), ("conflict", "waits for a decision"), ("apart", "kept apart")],
                db_default="queued",
                default="queued",
                verbose_name="state",
            ),
        ),
        migrations.AddField(
            model_name="mergerequest",
            name="reason",
            field=models.TextField(null=True, verbose_name="reason"),
        ),
        migrations.AddField(
            model_name="mergerequest",
            name="decided_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="decided by",
            ),
        ),
        migrations.AddField(
            model_name="mergerequest",
            name="decided_at",
            field=models.DateTimeField(null=True, verbose_name="decided"),
        ),
    ]
