"""The few profiles that are no customers: an index made beside running traffic."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("audiences", "0025_kinds_and_lookups")]

    operations = [
        AddIndexConcurrently(
            model_name="profile",
            index=models.Index(
                condition=models.Q(("kind", "consumer"), _negated=True),
                fields=["id"],
                include=("kind",),
                name="profile_not_consumer",
            ),
        ),
    ]
