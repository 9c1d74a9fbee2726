"""Columns of events for some of their properties; empty columns are added without touching a row."""

from typing import Any

from django.db import migrations, models

import audiences.models.event
from itinera.kit.ddl import patiently

ADD = """ALTER TABLE event
ADD COLUMN IF NOT EXISTS n1 numeric, ADD COLUMN IF NOT EXISTS n2 numeric,
ADD COLUMN IF NOT EXISTS t1 text, ADD COLUMN IF NOT EXISTS t2 text"""
DROP = """ALTER TABLE event
DROP COLUMN IF EXISTS n1, DROP COLUMN IF EXISTS n2, DROP COLUMN IF EXISTS t1, DROP COLUMN IF EXISTS t2"""


def add(apps: Any, schema_editor: Any) -> None:  # noqa: ARG001 - Django's signature
    patiently(schema_editor.connection, ADD)


def drop(apps: Any, schema_editor: Any) -> None:  # noqa: ARG001 - Django's signature
    patiently(schema_editor.connection, DROP)


class Migration(migrations.Migration):
    # Each statement by itself: a lock on the table of events is held for one of them only.
    atomic = False
    dependencies = [("audiences", "0010_leaf_results")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(add, drop)],
            state_operations=[
                migrations.AddField("event", "n1", audiences.models.event.Exact(editable=False, null=True)),
                migrations.AddField("event", "n2", audiences.models.event.Exact(editable=False, null=True)),
                migrations.AddField("event", "t1", models.TextField(editable=False, null=True)),
                migrations.AddField("event", "t2", models.TextField(editable=False, null=True)),
            ],
        ),
        migrations.AddField(
            model_name="eventtype",
            name="slots",
            field=models.JSONField(blank=True, db_default={}, default=dict, editable=False, verbose_name="columns"),
        ),
    ]
