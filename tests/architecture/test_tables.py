"""Tables and migrations: named by us, because the engine speaks SQL to them and replay shadows them by name."""

from __future__ import annotations

import re
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader

OURS = ("kit", "access", "audiences", "channels_out", "abtest", "journeys")
SAYING = re.compile(r"^\d{4}_[a-z][a-z0-9_]+$")
LONGEST = 40  # characters; a partition adds its month, an index its columns


def test_every_table_has_a_short_name_of_its_own() -> None:
    models = [model for app in OURS for model in apps.get_app_config(app).get_models()]
    named = {model._meta.label: model._meta.original_attrs.get("db_table") for model in models if not model._meta.proxy}
    assert [label for label, table in named.items() if not table] == []
    assert [table for table in named.values() if len(str(table)) > LONGEST] == []
    assert len(set(named.values())) == len(named)


def test_every_migration_says_what_it_does() -> None:
    loader = MigrationLoader(None, ignore_no_migrations=True)
    names = [f"{app}.{name}" for app, name in loader.disk_migrations if app in OURS]
    assert [name for name in names if not SAYING.match(name.partition(".")[2]) or "_auto_" in name] == []


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    said = StringIO()
    try:
        call_command("makemigrations", *OURS, check=True, dry_run=True, stdout=said, stderr=said)
    except SystemExit:
        pytest.fail(said.getvalue())


@pytest.mark.django_db
def test_the_installation_passes_its_own_checks() -> None:
    said = StringIO()
    call_command("check", stdout=said, stderr=said, fail_level="ERROR")
