"""Segmentations: models of customers, their daily snapshots, and who was in which cell."""

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# Pieces are columns of numbers that live for seconds: compressing them costs more than it saves.
STORAGE = "ALTER TABLE segment_piece ALTER COLUMN body SET STORAGE EXTERNAL"


class Migration(migrations.Migration):
    dependencies = [
        ("audiences", "0026_profile_not_consumer"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Segmentation",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                (
                    "slug",
                    models.TextField(
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z0-9_-]{1,64}$", "Small letters, digits, - and _; at most 64."
                            )
                        ],
                        verbose_name="short name",
                    ),
                ),
                ("name", models.TextField(verbose_name="name")),
                (
                    "type",
                    models.TextField(
                        choices=[("rfm", "RFM"), ("lifecycle", "lifecycle"), ("grid", "grid")], verbose_name="type"
                    ),
                ),
                (
                    "kind",
                    models.TextField(
                        choices=[("consumer", "customer"), ("staff", "staff"), ("merchant", "merchant")],
                        db_default="consumer",
                        default="consumer",
                        verbose_name="kind of people",
                    ),
                ),
                ("config", models.JSONField(blank=True, db_default={}, default=dict, verbose_name="settings")),
                (
                    "every",
                    models.TextField(
                        blank=True, db_default="0 2 * * *", default="0 2 * * *", null=True, verbose_name="run (cron)"
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created at")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="updated at")),
                (
                    "created_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="created by",
                    ),
                ),
            ],
            options={
                "verbose_name": "segmentation",
                "verbose_name_plural": "segmentations",
                "db_table": "segmentation",
                "permissions": [("run_segmentation", "May run segmentations")],
            },
        ),
        migrations.CreateModel(
            name="SegmentationRun",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("day", models.DateField(verbose_name="day")),
                ("at", models.DateTimeField(verbose_name="as of")),
                ("config", models.JSONField(verbose_name="settings")),
                ("cuts", models.JSONField(verbose_name="cuts")),
                ("sizes", models.JSONField(verbose_name="people by cell")),
                ("people", models.BigIntegerField(verbose_name="people")),
                ("took_ms", models.IntegerField(verbose_name="took (ms)")),
                (
                    "segmentation",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="runs",
                        to="audiences.segmentation",
                        verbose_name="segmentation",
                    ),
                ),
            ],
            options={
                "verbose_name": "run of a segmentation",
                "verbose_name_plural": "runs of segmentations",
                "db_table": "segmentation_run",
            },
        ),
        migrations.CreateModel(
            name="SegmentMembers",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "run_id", "cell", "shard", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("cell", models.TextField()),
                ("shard", models.SmallIntegerField()),
                ("members", models.BinaryField()),
                (
                    "run",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="audiences.segmentationrun",
                    ),
                ),
            ],
            options={
                "verbose_name": "members of a cell",
                "verbose_name_plural": "members of cells",
                "db_table": "segment_members",
            },
        ),
        migrations.CreateModel(
            name="SegmentPiece",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "segmentation_id", "number", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.IntegerField()),
                ("body", models.BinaryField()),
                (
                    "segmentation",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="audiences.segmentation",
                    ),
                ),
            ],
            options={
                "verbose_name": "piece of a run",
                "verbose_name_plural": "pieces of runs",
                "db_table": "segment_piece",
            },
        ),
        migrations.RunSQL(STORAGE, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="segmentationrun",
            constraint=models.UniqueConstraint(fields=("segmentation", "day"), name="segmentation_run_day"),
        ),
    ]
