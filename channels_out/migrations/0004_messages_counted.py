"""Counts the messages that were there before. After the triggers, in one statement: what comes meanwhile counts itself."""

from django.db import migrations

# What is not yet counted, in this statement's snapshot; later changes add to it. Reads `message` once, locks nothing.
MISSING = """
INSERT INTO message_change (version_id, node, status, n)
SELECT version_id, node, status, sum(n) FROM (
    SELECT version_id, node, status, count(*) AS n FROM message GROUP BY 1, 2, 3
    UNION ALL SELECT version_id, node, status, -n FROM message_change
    UNION ALL SELECT version_id, node, status, -n FROM message_count
) counted
GROUP BY 1, 2, 3 HAVING sum(n) <> 0
"""


class Migration(migrations.Migration):
    dependencies = [("channels_out", "0003_message_counts")]

    operations = [migrations.RunSQL(MISSING, migrations.RunSQL.noop)]
