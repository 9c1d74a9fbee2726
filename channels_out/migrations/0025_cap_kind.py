"""Caps hold for one kind of people."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("channels_out", "0004_messages_counted")]

    operations = [
        migrations.AddField(
            model_name="cap",
            name="kind",
            field=models.CharField(
                blank=True,
                choices=[("consumer", "customer"), ("staff", "staff"), ("merchant", "merchant")],
                max_length=16,
                null=True,
                verbose_name="kind of people",
            ),
        ),
    ]
