"""The wall clock of all machines: the database's. Tests move it by the setting `itinera.now`."""

from django.db import migrations

CREATE = """
CREATE FUNCTION wall_clock() RETURNS timestamptz LANGUAGE sql VOLATILE PARALLEL SAFE AS
$$ SELECT coalesce(nullif(current_setting('itinera.now', true), '')::timestamptz, clock_timestamp()) $$;
"""


class Migration(migrations.Migration):
    dependencies = [("kit", "0002_audit_append_only")]

    operations = [migrations.RunSQL(CREATE, "DROP FUNCTION wall_clock()")]
