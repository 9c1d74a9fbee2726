"""Evaluates a compiled rule over a set of people: one query for the lot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from audiences.rules.build import Span
from audiences.rules.compile import CompiledRule
from itinera.kit.sqlfile import queries
from itinera.kit.wire import NEVER, Cursor, Ids, Instants, fetch_columns, instants, micros

SQL = queries(__file__, "../sql/rules.sql")

SWEEP_FROM = 300
"""From so many people on, events are read by one scan with all ids instead of a descent for each."""

Data = Sequence[str | bytes | Mapping[str, Any] | None]
"""Per row `{"entry": {…}, "answer": {…}}`, as JSON or as an object; None where there is nothing."""


@dataclass(frozen=True)
class People:
    """Who is asked about, each at an instant of her own; arrays of equal length.

    `since` is when her walk began. `entry_event` is the number of the event that let her in, 0 if none
    did: it is not seen by `since entry`. Where it is not given, `since entry` sees only what came after
    that instant. `zone` is for those who have none of their own.
    """

    profile: Ids
    at: Instants
    since: Instants | None
    zone: str
    entry_event: Ids | None = None
    data: Data | None = None

    def __len__(self) -> int:
        return len(self.profile)


def evaluate(cursor: Cursor, rule: CompiledRule, people: People) -> NDArray[np.bool_]:
    """For each person whether the rule holds at her instant."""
    if not len(people):
        return np.zeros(0, dtype=bool)
    way = "sweep" if len(people) >= SWEEP_FROM else "probe"
    sql = statement(rule, "evaluate", people_sql(rule), way, condition=rule.condition)
    return held(fetch_columns(cursor, sql, parameters(rule, people)), len(people))


def select_sql(rule: CompiledRule, at: datetime, zone: str) -> tuple[str, dict[str, object]]:
    """A query for `id, shard` of everybody for whom the rule holds at this instant."""
    instant = micros(at)
    params = {**rule.bound(Span(instant, instant, None)), "at": at, "zone": zone}
    people = SQL["everybody"].format(columns=rule.extra_columns, whom="true")
    return statement(rule, "select", people, "sweep_all", condition=rule.condition), params


def people_sql(rule: CompiledRule) -> str:
    """The rows of the people, with their profiles only if the rule looks at them."""
    name = "people_with_profile" if rule.needs_profile else "people"
    return SQL[name].format(columns=rule.extra_columns)


def statement(
    rule: CompiledRule, name: str, people: str, way: str, events: Sequence[str] = (), **parts: str
) -> str:  # fmt: skip
    """The named query over these people. `events` narrow what measures look at; `parts` are the query's own."""
    measures = " ".join(
        SQL[way].format(
            aggregate=each.aggregate, conditions=" AND ".join((*each.conditions, *events)), name=f"m{number}"
        )
        for number, each in enumerate(rule.measures)
    )
    # Read more than once, the people are worth keeping; read once, they are better merged into the query.
    materialized = "MATERIALIZED" if measures or rule.has_dear_columns else ""
    return SQL[name].format(materialized=materialized, people=people, measures=measures, **parts)


def held(columns: Mapping[str, Any], count: int) -> NDArray[np.bool_]:
    """A truth value per row from the positions that a query gave."""
    found = np.zeros(count, dtype=bool)
    found[np.asarray(columns["held"], dtype=np.int64) - 1] = True
    return found


def parameters(rule: CompiledRule, people: People) -> dict[str, object]:
    """The arrays of the people and the parameters of the rule."""
    since = people.since
    if since is not None and people.entry_event is None:
        since = np.where(since == NEVER, NEVER, since + 1)
    missing = np.full(len(people), NEVER)
    return {
        **rule.bound(_span(people.at, since)),
        "zone": people.zone,
        "profile": np.ascontiguousarray(people.profile, dtype=np.int64),
        "at": instants(people.at),
        "since": instants(missing if since is None else since),
        "entry_event": people.entry_event if people.entry_event is not None else np.zeros(len(people), np.int64),
        "data": json_array(people.data, len(people)) if rule.needs_data else [],
    }


def _span(at: Instants, since: Instants | None) -> Span:
    known = at[at != NEVER]
    began = since[since != NEVER] if since is not None else known[:0]
    if not len(known):
        return Span(0, 0, None)
    return Span(int(known.min()), int(known.max()), int(began.min()) if len(began) else None)


def json_array(values: Data | None, count: int) -> list[str | None]:
    """JSON texts for a parameter of type jsonb[]."""
    return [None] * count if values is None else [_text(value) for value in values]


def _text(value: str | bytes | Mapping[str, Any] | None) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return (value if isinstance(value, bytes) else orjson.dumps(value)).decode()
