"""Events declared before get columns for the first properties that can have one; what is stored is filled by jobs."""

from typing import Any

from django.db import migrations
from django.utils import timezone

TYPES = {"n1": ("number", "money"), "n2": ("number", "money"), "t1": ("text",), "t2": ("text",)}


def give(apps: Any, schema_editor: Any) -> None:  # noqa: ARG001 - Django's signature
    now = timezone.now()
    for row in apps.get_model("audiences", "EventType").objects.filter(declared=True, slots={}):
        for each in row.properties:
            fit = [column for column, types in TYPES.items() if each["type"] in types and column not in row.slots]
            if each.get("declared", True) and fit:
                row.slots[fit[0]] = {"property": each["name"], "state": "filling", "since": now.isoformat()}
        if row.slots:
            row.save(update_fields=["slots"])
            job = apps.get_model("kit", "Job").objects
            job.create(kind="events.fill", subject=f"event:{row.name}", params={"type": row.id}, asked_at=now)


class Migration(migrations.Migration):
    dependencies = [("audiences", "0016_event_covering_index"), ("kit", "0004_long_jobs")]

    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
