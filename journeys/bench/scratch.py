"""A database of the bench's own, made on the configured server and dropped at the end."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.core.management import call_command
from django.db import connection

_BROKER_NUMBER = 12
"""Added to the number of the broker's database: the bench's hints reach no other worker."""


@contextmanager
def scratch_database(name: str) -> Iterator[dict[str, str]]:
    """Django's connection points at an empty, migrated database within the block.

    Gives the environment for processes that are to work on it.
    """
    before = connection.settings_dict["NAME"]
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{name}"')
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        call_command("migrate", verbosity=0, interactive=False)
        yield {**os.environ, "DATABASE_URL": _database(name), "BROKER_URL": broker_url()}
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before
        with connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _database(name: str) -> str:
    found = connection.settings_dict
    user, password = quote(found["USER"], safe=""), quote(found["PASSWORD"], safe="")
    host = quote(found["HOST"], safe="")
    return f"postgres://{user}:{password}@{host}:{found['PORT']}/{name}"


def broker_url() -> str:
    """The configured broker, another database of it."""
    url = urlsplit(settings.BROKER_URL)
    number = int(url.path.strip("/") or 0) + _BROKER_NUMBER
    return url._replace(path=f"/{number % 16}").geturl()
