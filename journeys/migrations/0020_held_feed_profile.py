"""What is held for one person is found when she turns out to be another. Built beside the traffic."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("journeys", "0004_entry_counts")]

    operations = [AddIndexConcurrently("heldfeed", models.Index(models.F("profile_id"), name="held_feed_profile"))]
