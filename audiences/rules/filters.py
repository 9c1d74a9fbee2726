"""Filters on events that are at hand (triggers, waits, exits), and the first stored event that passes some."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from audiences.rules.ast import Filter
from audiences.rules.build import Build, Joins, Span
from audiences.rules.catalogue import Catalogue, load_catalogue
from audiences.rules.compile import CompiledRule
from audiences.rules.evaluate import SQL, Data, People, held, json_array, parameters, people_sql
from audiences.rules.occurrences import event_id_sql
from audiences.rules.properties import STORED
from audiences.rules.where import check_where, where_sql
from itinera.kit.errors import Refusal
from itinera.kit.wire import NEVER, Cursor, Ids, Instants, fetch_columns, instants

DEFAULT_ZONE = "Asia/Shanghai"


@dataclass(frozen=True)
class EventRows:
    """Events that are at hand: whose, with which properties, and what that person's walk carries.

    `at` is the instant that conditions such as `in_last` count from, normally the event's own time.
    """

    profile: Ids
    properties: Data
    data: Data | None
    at: Instants | None = None
    zone: str = DEFAULT_ZONE

    def __len__(self) -> int:
        return len(self.profile)


@dataclass(frozen=True)
class FirstMatch:
    """Per person the time (`NEVER` if there is none), the number (0) and the properties of the event."""

    at: Instants
    event: Ids
    properties: list[dict[str, Any] | None]


def evaluate_filters(
    cursor: Cursor, filters: Sequence[Filter], event: str, rows: EventRows, catalogue: Catalogue | None = None
) -> NDArray[np.bool_]:
    """For each event (all of the name `event`) whether it passes all filters.

    Without a catalogue the current one is read. Refusal if a filter does not suit a declared type.
    """
    if not filters or not len(rows):
        return np.ones(len(rows), dtype=bool)
    build = Build(catalogue or load_catalogue(cursor))
    condition = " AND ".join(_checked(filters, event, build, build.joins, "u.properties"))
    rule = CompiledRule.of(condition, build)
    source = SQL["events_with_profile" if rule.needs_profile else "events"].format(columns=rule.extra_columns)
    sql = SQL["evaluate"].format(materialized="", people=source, measures=" ".join(rule.joins), condition=condition)
    at = np.full(len(rows), NEVER) if rows.at is None else rows.at
    params = {
        **rule.params,
        "zone": rows.zone,
        "profile": np.ascontiguousarray(rows.profile, dtype=np.int64),
        "at": instants(at),
        "properties": json_array(rows.properties, len(rows)),
        "data": json_array(rows.data, len(rows)) if rule.needs_data else [],
    }
    return held(fetch_columns(cursor, sql, params), len(rows))


def _checked(filters: Sequence[Filter], event: str, build: Build, joins: Joins, properties: str) -> list[str]:
    errors = [each for each in check_where(filters, event, build.catalogue, "where") if each.severity == "error"]
    if errors:
        raise Refusal(errors)
    return where_sql(filters, event, build, joins, properties)


def first_match(  # noqa: PLR0913 - columns of one table, and what they are read against
    cursor: Cursor, event: str, filters: Sequence[Filter], profile: Ids, start: Instants, stop: Instants,
    data: Data | None = None, *, entry_event: Ids | None = None, zone: str = DEFAULT_ZONE,
    catalogue: Catalogue | None = None,
) -> FirstMatch:  # fmt: skip
    """Per person the earliest event of this name in `[start, stop)` that passes the filters.

    `entry_event` is the number of an event that does not count (the one her walk began with), and
    `data` may name others under `used` (those that have ended a wait of hers).
    """
    found = FirstMatch(np.full(len(profile), NEVER), np.zeros(len(profile), np.int64), [None] * len(profile))
    if not len(profile):
        return found
    rule = _compile_search(filters, event, catalogue or load_catalogue(cursor))
    sql = SQL["first_match"].format(people=people_sql(rule), joins=" ".join(rule.joins), condition=rule.condition)
    skipped = np.zeros(len(profile), np.int64) if entry_event is None else entry_event
    people = People(profile, stop, start, zone, skipped, data)
    columns = fetch_columns(cursor, sql, parameters(rule, people))
    positions = np.asarray(columns["held"], dtype=np.int64) - 1
    found.at[positions] = columns["at"]
    found.event[positions] = columns["event"]
    for position, properties in zip(positions, orjson.loads(columns["properties"]), strict=True):
        found.properties[position] = properties
    return found


def _compile_search(filters: Sequence[Filter], event: str, catalogue: Catalogue) -> CompiledRule:
    build = Build(catalogue)
    used = build.hoist("b.data -> 'used'")
    conditions = [
        f"e.type_id = {event_id_sql(event, build)}",
        "e.profile_id = u.profile",
        "e.time >= u.since",
        "e.time < u.at",
        f"e.time >= {build.edge(_first)}",
        f"e.time < {build.edge(lambda span: span.last)}",
        "e.id <> u.entry_event",
        f"NOT coalesce({used} @> to_jsonb(e.id), false)",
    ]
    # Here the joins are made to the events, inside.
    conditions += _checked(filters, event, build, build.joins, STORED)
    return CompiledRule.of(" AND ".join(conditions), build)


def _first(span: Span) -> int:
    return span.since if span.since is not None else span.first
