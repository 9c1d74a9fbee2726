"""How the busy tables are stored: room on the page for updates that need no index entry."""

from django.db import migrations

STORAGE = """
ALTER TABLE cap_use SET (fillfactor = 80);
ALTER TABLE message SET (fillfactor = 85, autovacuum_vacuum_scale_factor = 0.05);
ALTER TABLE cap_change SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
"""


class Migration(migrations.Migration):
    dependencies = [("channels_out", "0001_sending")]
    operations = [migrations.RunSQL(STORAGE, migrations.RunSQL.noop)]
