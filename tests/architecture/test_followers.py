"""Whatever a table holds about a profile follows her when she is merged, or says why it does not."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection

from audiences.followers import EXPLAINED, FOLLOWERS

APPS = ("kit", "access", "audiences", "channels_out", "abtest", "journeys")
# Columns named so, or so and more, hold numbers of profiles; so does whatever refers to the table of profiles.
NAMES = r"^(profiles?|members?|survivor|merged|other|entered|left|person|people|customer|parts)(_ids?)?$"

COLUMNS = """
    SELECT c.table_name, c.column_name FROM information_schema.columns c
    JOIN information_schema.tables t USING (table_schema, table_name)
    WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE' AND c.column_name ~ %s
      AND c.data_type IN ('bigint', 'ARRAY', 'bytea', 'jsonb')
      AND NOT (SELECT relispartition FROM pg_class WHERE oid = c.table_name::regclass)
"""
REFERENCES = (
    "SELECT conrelid::regclass::text FROM pg_constraint WHERE confrelid = 'profile'::regclass AND contype = 'f'"
)
# Counters, whose columns are named as if they held somebody.
FIGURES = {"audience_refresh", "schedule_run", "tag", "segmentation_run"}


def naming_profiles() -> set[str]:
    """The tables that name profiles, by the database itself and by the models."""
    with connection.cursor() as cursor:
        cursor.execute(COLUMNS, [NAMES])
        found = {table for table, _ in cursor.fetchall()}
        cursor.execute(REFERENCES)
        found |= {table for (table,) in cursor.fetchall()}
    models = [model for app in APPS for model in apps.get_app_config(app).get_models()]
    for model in models:
        for field in model._meta.get_fields():
            related = getattr(field, "related_model", None)
            if getattr(field, "concrete", False) and getattr(related, "__name__", "") == "Profile":
                found.add(model._meta.db_table)
    return found | {"profile"}


@pytest.mark.django_db
def test_every_table_that_names_a_profile_follows_her_or_says_why_not() -> None:
    owned = {table for follower in FOLLOWERS.values() for table in follower.tables}
    assert naming_profiles() - FIGURES - owned - set(EXPLAINED) == set()


@pytest.mark.django_db
def test_nothing_follows_twice_and_nothing_is_named_that_is_gone() -> None:
    tables = [table for follower in FOLLOWERS.values() for table in follower.tables] + list(EXPLAINED)
    assert len(tables) == len(set(tables))
    assert set(tables) <= set(connection.introspection.table_names())
    assert all(len(reason) > 10 for reason in EXPLAINED.values())
