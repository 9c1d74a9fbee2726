"""Tags only seen in data, look-up tables that attributes name, and the kinds of people of the holdout."""

import django.contrib.postgres.fields
from django.db import migrations, models

import audiences.models.workspace


class Migration(migrations.Migration):
    dependencies = [("audiences", "0021_merge_request_indexes")]

    operations = [
        migrations.AddField(
            model_name="tag",
            name="declared",
            field=models.BooleanField(db_default=True, default=True, verbose_name="declared"),
        ),
        migrations.AddField(
            model_name="attributetype",
            name="lookup",
            field=models.TextField(blank=True, db_default="", default="", verbose_name="look-up table"),
        ),
        migrations.AddField(
            model_name="workspace",
            name="holdout_kinds",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.TextField(
                    choices=[("consumer", "customer"), ("staff", "staff"), ("merchant", "merchant")]
                ),
                blank=True,
                db_default=["consumer"],
                default=audiences.models.workspace.of_consumers,
                verbose_name="kinds of people in the holdout",
            ),
        ),
    ]
