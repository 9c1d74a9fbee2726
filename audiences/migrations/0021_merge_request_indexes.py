"""Pairs are found by their state and by whoever stands second in them. Built beside the traffic: ingestion writes here."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("audiences", "0020_merges")]

    operations = [
        AddIndexConcurrently(
            "mergerequest",
            models.Index(condition=models.Q(("state", "queued")), fields=["id"], name="merge_request_queued"),
        ),
        AddIndexConcurrently("mergerequest", models.Index(fields=["other"], name="merge_request_other")),
    ]
