"""Profiles, identities, the catalogue and what belongs to them; events and the feed come next."""

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.math
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="AttributeType",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("name", models.TextField(unique=True, verbose_name="name")),
                (
                    "type",
                    models.TextField(
                        choices=[
                            ("text", "text"),
                            ("number", "number"),
                            ("money", "money"),
                            ("boolean", "yes or no"),
                            ("date", "date"),
                            ("datetime", "date and time"),
                            ("list", "list of texts"),
                        ],
                        verbose_name="type",
                    ),
                ),
                ("label", models.TextField(blank=True, db_default="", default="", verbose_name="label")),
                ("declared", models.BooleanField(db_default=True, default=True, verbose_name="declared")),
            ],
            options={
                "verbose_name": "attribute type",
                "verbose_name_plural": "attribute types",
                "db_table": "attribute_type",
            },
        ),
        migrations.CreateModel(
            name="EventKey",
            fields=[
                ("key", models.UUIDField(primary_key=True, serialize=False)),
                ("seen_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "event key",
                "verbose_name_plural": "event keys",
                "db_table": "event_key",
            },
        ),
        migrations.CreateModel(
            name="EventType",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                ("name", models.TextField(unique=True, verbose_name="name")),
                ("label", models.TextField(blank=True, db_default="", default="", verbose_name="label")),
                ("properties", models.JSONField(blank=True, db_default=[], default=list, verbose_name="properties")),
                ("declared", models.BooleanField(db_default=True, default=True, verbose_name="declared")),
            ],
            options={
                "verbose_name": "event type",
                "verbose_name_plural": "event types",
                "db_table": "event_type",
            },
        ),
        migrations.CreateModel(
            name="Interest",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "type_id", "version_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("type_id", models.IntegerField()),
                ("version_id", models.IntegerField()),
            ],
            options={
                "verbose_name": "interest",
                "verbose_name_plural": "interests",
                "db_table": "interest",
            },
        ),
        migrations.CreateModel(
            name="RejectedRow",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("source", models.TextField(verbose_name="source")),
                ("batch", models.UUIDField(verbose_name="batch")),
                ("index", models.IntegerField(verbose_name="index")),
                ("code", models.TextField(verbose_name="code")),
                ("detail", models.TextField(verbose_name="detail")),
                ("path", models.TextField(null=True, verbose_name="path")),
                ("body", models.TextField(verbose_name="body")),
                ("at", models.DateTimeField(db_index=True, verbose_name="at")),
            ],
            options={
                "verbose_name": "rejected row",
                "verbose_name_plural": "rejected rows",
                "db_table": "rejected_row",
            },
        ),
        migrations.CreateModel(
            name="Shard",
            fields=[
                ("id", models.SmallIntegerField(primary_key=True, serialize=False)),
                ("wave", models.BigIntegerField(db_default=0, default=0)),
                ("last_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "shard",
                "verbose_name_plural": "shards",
                "db_table": "shard",
            },
        ),
        migrations.CreateModel(
            name="Profile",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("shard", models.SmallIntegerField(editable=False)),
                ("zone", models.TextField(blank=True, null=True, verbose_name="time zone")),
                ("attributes", models.JSONField(blank=True, db_default={}, default=dict, verbose_name="attributes")),
                ("tags", models.JSONField(blank=True, db_default={}, default=dict, verbose_name="tags")),
                ("consent", models.JSONField(blank=True, db_default={}, default=dict, verbose_name="consent")),
                (
                    "suppressed",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(),
                        blank=True,
                        db_default=[],
                        default=list,
                        size=None,
                        verbose_name="suppressed channels",
                    ),
                ),
                ("unit", models.TextField(db_default="", default="", editable=False, verbose_name="unit")),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name="created at"
                    ),
                ),
                (
                    "updated_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name="updated at"
                    ),
                ),
            ],
            options={
                "verbose_name": "profile",
                "verbose_name_plural": "profiles",
                "db_table": "profile",
                "permissions": [("view_pii", "May see phone numbers, e-mail addresses and other identities")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("shard", django.db.models.functions.math.Mod(models.F("id"), 64))),
                        name="profile_shard_follows_id",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ConsentChange",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("channel", models.TextField(verbose_name="channel")),
                ("category", models.TextField(verbose_name="category")),
                ("given", models.BooleanField(verbose_name="given")),
                ("source", models.TextField(verbose_name="source")),
                ("at", models.DateTimeField(verbose_name="at")),
                ("proof", models.JSONField(blank=True, db_default={}, default=dict, verbose_name="proof")),
                (
                    "profile",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="consent_changes",
                        to="audiences.profile",
                        verbose_name="profile",
                    ),
                ),
            ],
            options={
                "verbose_name": "consent change",
                "verbose_name_plural": "consent changes",
                "db_table": "consent_change",
            },
        ),
        migrations.CreateModel(
            name="Workspace",
            fields=[
                ("id", models.SmallIntegerField(default=1, editable=False, primary_key=True, serialize=False)),
                (
                    "zone",
                    models.TextField(db_default="Asia/Shanghai", default="Asia/Shanghai", verbose_name="time zone"),
                ),
                ("holdout_salt", models.TextField(verbose_name="holdout salt")),
                (
                    "holdout_percent",
                    models.SmallIntegerField(
                        db_default=0,
                        default=0,
                        validators=[django.core.validators.MaxValueValidator(100)],
                        verbose_name="holdout percent",
                    ),
                ),
            ],
            options={
                "verbose_name": "workspace",
                "verbose_name_plural": "workspace",
                "db_table": "workspace",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="workspace_is_one"),
                    models.CheckConstraint(
                        condition=models.Q(("holdout_percent__gte", 0), ("holdout_percent__lte", 100)),
                        name="workspace_holdout_is_percent",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MergeRequest",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("kind", models.TextField(verbose_name="kind")),
                ("source", models.TextField(verbose_name="source")),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "other",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="audiences.profile",
                        verbose_name="other profile",
                    ),
                ),
                (
                    "profile",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="audiences.profile",
                        verbose_name="profile",
                    ),
                ),
            ],
            options={
                "verbose_name": "merge request",
                "verbose_name_plural": "merge requests",
                "db_table": "merge_request",
                "constraints": [
                    models.UniqueConstraint(fields=("profile", "other"), name="merge_request_once"),
                    models.CheckConstraint(
                        condition=models.Q(("profile__lt", models.F("other"))), name="merge_request_lower_first"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Identity",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "kind", "value", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.TextField(verbose_name="kind")),
                ("value", models.TextField(verbose_name="value")),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="created at"
                    ),
                ),
                (
                    "profile",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="identities",
                        to="audiences.profile",
                        verbose_name="profile",
                    ),
                ),
            ],
            options={
                "verbose_name": "identity",
                "verbose_name_plural": "identities",
                "db_table": "identity",
                "indexes": [models.Index(fields=["profile", "kind"], name="identity_profile_kind")],
            },
        ),
    ]
