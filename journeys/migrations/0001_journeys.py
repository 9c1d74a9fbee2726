"""Journeys, versions, walks, and what the engine keeps about them."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Path",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "profile_id",
                        "version",
                        "seq",
                        "stamp",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("shard", models.SmallIntegerField()),
                ("profile_id", models.BigIntegerField()),
                ("seq", models.IntegerField()),
                ("at", models.DateTimeField()),
                ("stamp", models.IntegerField()),
                ("codes", django.contrib.postgres.fields.ArrayField(base_field=models.SmallIntegerField(), size=None)),
            ],
            options={
                "db_table": "path",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Journey",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                ("slug", models.CharField(max_length=64, unique=True, verbose_name="slug")),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("published", "Published"),
                            ("paused", "Paused"),
                            ("ended", "Ended"),
                        ],
                        default="draft",
                        max_length=16,
                        verbose_name="status",
                    ),
                ),
                ("draft", models.JSONField(help_text="The canvas document that is being drawn.", verbose_name="draft")),
                ("revision", models.PositiveIntegerField(default=1, verbose_name="revision")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="updated")),
            ],
            options={
                "verbose_name": "journey",
                "verbose_name_plural": "journeys",
                "db_table": "journey",
                "ordering": ["slug"],
                "permissions": [
                    ("publish_journey", "Can publish a journey"),
                    ("pause_journey", "Can pause and resume a journey"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Tally",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "shard",
                        "version_id",
                        "node",
                        "port",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("shard", models.SmallIntegerField()),
                ("version_id", models.IntegerField()),
                ("node", models.SmallIntegerField()),
                ("port", models.SmallIntegerField()),
                ("n", models.BigIntegerField(default=0)),
            ],
            options={
                "db_table": "tally",
            },
        ),
        migrations.CreateModel(
            name="Chunk",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("shard", models.SmallIntegerField()),
                ("version_id", models.IntegerField()),
                ("node", models.SmallIntegerField()),
                ("kind", models.SmallIntegerField(choices=[(0, "step"), (1, "entry"), (2, "end of stay")])),
                ("due_at", models.DateTimeField(verbose_name="due")),
                ("profiles", django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                (
                    "seqs",
                    django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), null=True, size=None),
                ),
                (
                    "stamps",
                    django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), null=True, size=None),
                ),
                (
                    "dues",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), null=True, size=None
                    ),
                ),
            ],
            options={
                "verbose_name": "waiting people",
                "verbose_name_plural": "waiting people",
                "db_table": "chunk",
                "indexes": [models.Index(models.F("shard"), models.F("due_at"), name="chunk_due")],
            },
        ),
        migrations.CreateModel(
            name="HeldFeed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version_id", models.IntegerField()),
                ("shard", models.SmallIntegerField()),
                ("profile_id", models.BigIntegerField()),
                ("kind", models.SmallIntegerField()),
                ("type_id", models.IntegerField(null=True)),
                ("at", models.DateTimeField()),
                ("enrolment", models.IntegerField(null=True)),
                ("node", models.SmallIntegerField(null=True)),
                ("port", models.SmallIntegerField(null=True)),
                ("body", models.JSONField(null=True)),
            ],
            options={
                "db_table": "held_feed",
                "indexes": [models.Index(models.F("version_id"), models.F("id"), name="held_feed_version")],
            },
        ),
        migrations.CreateModel(
            name="Version",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                ("number", models.PositiveIntegerField(verbose_name="number")),
                ("canvas", models.JSONField(verbose_name="canvas")),
                ("priority", models.SmallIntegerField(default=50, verbose_name="priority")),
                (
                    "status",
                    models.CharField(
                        choices=[("live", "Live"), ("paused", "Paused"), ("draining", "Draining"), ("ended", "Ended")],
                        default="live",
                        max_length=16,
                        verbose_name="status",
                    ),
                ),
                ("published_at", models.DateTimeField(verbose_name="published")),
                (
                    "journey",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="journeys.journey",
                        verbose_name="journey",
                    ),
                ),
                (
                    "published_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="published by",
                    ),
                ),
            ],
            options={
                "verbose_name": "version",
                "verbose_name_plural": "versions",
                "db_table": "version",
                "ordering": ["journey", "-number"],
            },
        ),
        migrations.CreateModel(
            name="ScheduleRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("node", models.SmallIntegerField(verbose_name="node")),
                ("at", models.DateTimeField(verbose_name="nominal time")),
                ("people", models.BigIntegerField(default=0, verbose_name="people")),
                ("cursor", models.BigIntegerField(default=0, verbose_name="last profile read")),
                ("finished_at", models.DateTimeField(null=True, verbose_name="finished")),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="journeys.version",
                        verbose_name="version",
                    ),
                ),
            ],
            options={
                "verbose_name": "schedule run",
                "verbose_name_plural": "schedule runs",
                "db_table": "schedule_run",
            },
        ),
        migrations.AddField(
            model_name="journey",
            name="live_version",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="journeys.version",
                verbose_name="live version",
            ),
        ),
        migrations.CreateModel(
            name="Enrolment",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "shard",
                        "journey",
                        "profile_id",
                        "seq",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("shard", models.SmallIntegerField()),
                ("profile_id", models.BigIntegerField()),
                ("seq", models.IntegerField(verbose_name="enrolment number")),
                ("node", models.SmallIntegerField(verbose_name="node")),
                ("stamp", models.IntegerField(default=0)),
                ("entered_at", models.DateTimeField(verbose_name="entered")),
                ("node_at", models.DateTimeField(verbose_name="at this node since")),
                ("due_at", models.DateTimeField(null=True, verbose_name="due")),
                ("left_at", models.DateTimeField(null=True, verbose_name="left")),
                (
                    "reason",
                    models.SmallIntegerField(
                        choices=[
                            (1, "completed"),
                            (2, "goal"),
                            (3, "exit_rule"),
                            (4, "filtered"),
                            (5, "ended"),
                            (6, "removed"),
                            (7, "error"),
                            (8, "moved"),
                            (9, "max_stay"),
                            (10, "holdout"),
                            (11, "control"),
                        ],
                        null=True,
                        verbose_name="exit reason",
                    ),
                ),
                ("key", models.TextField(null=True, verbose_name="re-entry key")),
                ("entry_event", models.BigIntegerField(null=True, verbose_name="entry event")),
                ("goal_at", models.DateTimeField(null=True, verbose_name="goal reached")),
                ("goal_value", models.FloatField(null=True, verbose_name="goal value")),
                ("hold", models.SmallIntegerField(null=True, verbose_name="held because")),
                ("held_since", models.DateTimeField(null=True, verbose_name="first refused by a cap")),
                ("data", models.JSONField(null=True, verbose_name="entry and answers")),
                (
                    "journey",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="journeys.journey",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="journeys.version",
                    ),
                ),
            ],
            options={
                "verbose_name": "enrolment",
                "verbose_name_plural": "enrolments",
                "db_table": "enrolment",
            },
        ),
        migrations.CreateModel(
            name="WalkError",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("shard", models.SmallIntegerField()),
                ("version_id", models.IntegerField(null=True, verbose_name="version")),
                ("profile_id", models.BigIntegerField(verbose_name="profile")),
                ("at", models.DateTimeField(verbose_name="at")),
                ("error", models.TextField(verbose_name="error")),
                ("trace", models.TextField(verbose_name="trace")),
                ("items", models.JSONField(default=list, verbose_name="what she had to do")),
            ],
            options={
                "verbose_name": "failed walk",
                "verbose_name_plural": "failed walks",
                "db_table": "walk_error",
                "indexes": [models.Index(models.F("profile_id"), name="walk_error_profile")],
            },
        ),
        migrations.AddConstraint(
            model_name="version",
            constraint=models.UniqueConstraint(models.F("journey"), models.F("number"), name="version_number_once"),
        ),
        migrations.AddConstraint(
            model_name="version",
            constraint=models.UniqueConstraint(
                models.F("journey"), condition=models.Q(("status__in", ["live", "paused"])), name="version_one_live"
            ),
        ),
        migrations.AddConstraint(
            model_name="schedulerun",
            constraint=models.UniqueConstraint(
                models.F("version"), models.F("node"), models.F("at"), name="schedule_run_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="journey",
            constraint=models.CheckConstraint(
                condition=models.Q(("slug__regex", "^[a-z0-9_-]{1,64}$")), name="journey_slug_form"
            ),
        ),
        migrations.AddConstraint(
            model_name="journey",
            constraint=models.CheckConstraint(
                condition=models.Q(("status", "draft"), ("live_version__isnull", False), _connector="OR"),
                name="journey_status_has_version",
            ),
        ),
        migrations.AddConstraint(
            model_name="enrolment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("left_at__isnull", True), ("reason__isnull", True)),
                    models.Q(("left_at__isnull", False), ("reason__isnull", False)),
                    _connector="OR",
                ),
                name="enrolment_left_with_reason",
            ),
        ),
    ]
