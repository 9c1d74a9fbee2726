"""`manage.py rotate_secrets`: everything that is encrypted, under the newest key."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from psycopg import sql

from itinera.kit import audit
from itinera.kit.secrets import SealedColumn, Unreadable, rotate, sealed_columns


class Command(BaseCommand):
    help = "Seals every stored credential with the first of FERNET_KEYS, so that the others can be dropped."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        counts = {name: self._rotate(column) for name, column in sealed_columns.items()}
        audit.record("manage.py rotate_secrets", "secrets.rotate", "secrets", after=counts)
        self.stdout.write(", ".join(f"{name}: {count}" for name, count in counts.items()) or "nothing is sealed")

    def _rotate(self, sealed: SealedColumn) -> int:
        names = {"table": sql.Identifier(sealed.table), "column": sql.Identifier(sealed.column)}
        names["key"] = sql.Identifier(sealed.key)
        read = sql.SQL("SELECT {key}, {column} FROM {table} WHERE length({column}) > 0 ORDER BY {key} FOR UPDATE")
        write = sql.SQL("UPDATE {table} SET {column} = %s WHERE {key} = %s")
        with connection.cursor() as cursor:
            cursor.execute(read.format(**names))
            rows = cursor.fetchall()
            try:
                fresh = [(rotate(value), key) for key, value in rows]
            except Unreadable as error:
                raise CommandError(f"{sealed.table}.{sealed.column}: {error}; nothing was changed") from None
            cursor.executemany(write.format(**names), fresh)
        return len(fresh)
