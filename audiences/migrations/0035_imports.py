"""Files that are imported in the browser, and their refused rows."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("audiences", "0030_segmentations"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Upload",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("name", models.TextField(verbose_name="file")),
                ("path", models.TextField(verbose_name="kept at")),
                ("size", models.BigIntegerField(verbose_name="bytes")),
                ("digest", models.TextField(verbose_name="SHA-256")),
                ("encoding", models.TextField(verbose_name="encoding")),
                ("delimiter", models.CharField(max_length=1, verbose_name="separator")),
                ("lines", models.BigIntegerField(verbose_name="rows")),
                ("columns", models.JSONField(verbose_name="columns")),
                (
                    "target",
                    models.TextField(
                        choices=[("profiles", "people"), ("events", "events")],
                        default="profiles",
                        verbose_name="rows are",
                    ),
                ),
                ("mapping", models.JSONField(default=dict, verbose_name="meaning of the columns")),
                ("constants", models.JSONField(default=dict, verbose_name="in common")),
                ("accepted", models.BigIntegerField(db_default=0, default=0, verbose_name="accepted")),
                ("duplicates", models.BigIntegerField(db_default=0, default=0, verbose_name="known before")),
                ("rejected", models.BigIntegerField(db_default=0, default=0, verbose_name="refused")),
                ("uploaded_at", models.DateTimeField(verbose_name="brought")),
                ("finished_at", models.DateTimeField(null=True, verbose_name="finished")),
                ("forgotten_at", models.DateTimeField(null=True, verbose_name="file deleted")),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="brought by",
                    ),
                ),
            ],
            options={
                "verbose_name": "import",
                "verbose_name_plural": "imports",
                "db_table": "upload",
                "ordering": ("-id",),
            },
        ),
        migrations.CreateModel(
            name="UploadError",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("line", models.BigIntegerField(verbose_name="line")),
                ("code", models.TextField(verbose_name="code")),
                ("detail", models.TextField(verbose_name="detail")),
                ("column", models.TextField(null=True, verbose_name="column")),
                ("cells", models.JSONField(verbose_name="cells")),
                (
                    "upload",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="errors",
                        to="audiences.upload",
                    ),
                ),
            ],
            options={
                "verbose_name": "refused row of an import",
                "verbose_name_plural": "refused rows of imports",
                "db_table": "upload_error",
                "constraints": [models.UniqueConstraint(fields=("upload", "line"), name="upload_error_once")],
            },
        ),
    ]
