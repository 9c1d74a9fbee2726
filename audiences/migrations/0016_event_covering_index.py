"""The index of events holds the first columns as well, so that the usual questions need not look at the table.

Built beside the old one, month by month, while events come in. Broken off, it can be begun again: what is there is kept.
"""

from typing import Any

from django.db import migrations, models
from psycopg import sql

from itinera.kit.ddl import patiently

OLD, DRAFT = "event_type_profile_time", "event_type_profile_time_new"
COLUMNS = "(type_id, profile_id, time)"

# The months of events that have no part of the draft yet, and whether an index of that name has been left half built.
MONTHS = """
SELECT month.relname, built.indisvalid
FROM pg_inherits
JOIN pg_class month ON month.oid = inhrelid
LEFT JOIN pg_class name ON name.relname = month.relname || %s AND name.relnamespace = month.relnamespace
LEFT JOIN pg_index built ON built.indexrelid = name.oid
WHERE inhparent = 'event'::regclass AND NOT EXISTS (
    SELECT FROM pg_inherits part JOIN pg_index ON indexrelid = part.inhrelid
    WHERE part.inhparent = %s::regclass AND indrelid = month.oid
)
ORDER BY month.relname
"""


def cover(apps: Any, schema_editor: Any) -> None:  # noqa: ARG001 - Django's signature
    _replace(schema_editor.connection, " INCLUDE (n1, t1)", "_covering")


def uncover(apps: Any, schema_editor: Any) -> None:  # noqa: ARG001 - Django's signature
    _replace(schema_editor.connection, "", "_plain")


def _replace(connection: Any, included: str, suffix: str) -> None:
    # Not valid until every month has its own. Months made from here on get theirs by themselves.
    patiently(connection, f"CREATE INDEX IF NOT EXISTS {DRAFT} ON ONLY event {COLUMNS}{included}")
    with connection.cursor() as cursor:
        cursor.execute(MONTHS, [suffix, DRAFT])
        months = cursor.fetchall()
    for month, is_whole in months:
        _build(connection, month, included, suffix, is_whole)
    with connection.cursor() as cursor:
        cursor.execute("SELECT indisvalid FROM pg_index WHERE indexrelid = %s::regclass", [DRAFT])
        assert cursor.fetchone()[0], "a month of events has no part of the new index"
    patiently(connection, f"DROP INDEX IF EXISTS {OLD}")
    patiently(connection, f"ALTER INDEX {DRAFT} RENAME TO {OLD}")


def _build(connection: Any, month: str, included: str, suffix: str, is_whole: bool | None) -> None:
    table, index = sql.Identifier(month), sql.Identifier(month + suffix)
    with connection.cursor() as cursor:
        if is_whole is False:
            cursor.execute(sql.SQL("DROP INDEX CONCURRENTLY {}").format(index))
        if not is_whole:
            cursor.execute(sql.SQL("CREATE INDEX CONCURRENTLY {} ON {} " + COLUMNS + included).format(index, table))
    patiently(connection, sql.SQL("ALTER INDEX {} ATTACH PARTITION {}").format(sql.Identifier(DRAFT), index))


class Migration(migrations.Migration):
    # Each step by itself: an index built beside the work of others cannot be part of a transaction.
    atomic = False
    dependencies = [("audiences", "0015_event_columns")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(cover, uncover)],
            state_operations=[
                migrations.RemoveIndex("event", OLD),
                migrations.AddIndex(
                    "event", models.Index(fields=["type", "profile", "time"], include=["n1", "t1"], name=OLD)
                ),
            ],
        ),
    ]
