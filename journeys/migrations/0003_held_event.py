"""What a pause holds back keeps the number of its event: she who enters by it must not see it again."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("journeys", "0002_storage")]

    operations = [
        migrations.AddField(model_name="heldfeed", name="event_id", field=models.BigIntegerField(null=True)),
    ]
