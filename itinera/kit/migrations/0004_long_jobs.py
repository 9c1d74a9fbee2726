"""Long jobs: rows with a lease, progress and a stop button."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("kit", "0003_wall_clock"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Job",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.TextField(verbose_name="kind")),
                ("subject", models.TextField(verbose_name="subject")),
                ("params", models.JSONField(db_default={}, default=dict, verbose_name="parameters")),
                (
                    "state",
                    models.TextField(
                        choices=[
                            ("queued", "waiting"),
                            ("running", "running"),
                            ("done", "done"),
                            ("failed", "failed"),
                            ("stopped", "stopped"),
                        ],
                        db_default="queued",
                        default="queued",
                        verbose_name="state",
                    ),
                ),
                ("cursor", models.JSONField(db_default={}, default=dict, verbose_name="cursor")),
                ("done", models.BigIntegerField(db_default=0, default=0, verbose_name="done")),
                ("total", models.BigIntegerField(null=True, verbose_name="total")),
                ("result", models.JSONField(db_default={}, default=dict, verbose_name="result")),
                ("code", models.TextField(db_default="", default="", verbose_name="code")),
                ("detail", models.TextField(db_default="", default="", verbose_name="detail")),
                ("stop_asked", models.BooleanField(db_default=False, default=False, verbose_name="stop asked")),
                ("lease", models.UUIDField(null=True, verbose_name="lease")),
                ("leased_until", models.DateTimeField(null=True, verbose_name="leased until")),
                ("tries", models.SmallIntegerField(db_default=0, default=0, verbose_name="tries")),
                ("asked_at", models.DateTimeField(verbose_name="asked")),
                ("started_at", models.DateTimeField(null=True, verbose_name="started")),
                ("finished_at", models.DateTimeField(null=True, verbose_name="finished")),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="asked by",
                    ),
                ),
            ],
            options={
                "verbose_name": "job",
                "verbose_name_plural": "jobs",
                "db_table": "job",
                "ordering": ("-id",),
                "indexes": [
                    models.Index(fields=["subject", "-id"], name="job_subject"),
                    models.Index(
                        condition=models.Q(("state__in", ["queued", "running"])), fields=["id"], name="job_open"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["queued", "running"])),
                        fields=("kind", "subject"),
                        name="job_one_active",
                    )
                ],
            },
        ),
    ]
