"""Evaluates a compiled rule over a set of people: one query for the lot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import numpy as np
import orjson

from audiences.rules.build import Span
from audiences.rules.compile import CompiledRule
from audiences.rules.people import Data, People, Truth
from itinera.kit.sqlfile import queries
from itinera.kit.wire import NEVER, Cursor, Instants, fetch_columns, instants, micros

__all__ = ["SQL", "SWEEP_FROM", "Data", "People", "evaluate", "select_sql"]

SQL = queries(__file__, "../sql/rules.sql")

SWEEP_FROM = 300
"""From so many people on, events are read by one scan with all ids instead of a descent for each."""

_THESE = ("e.profile_id = ANY(%(profile)s::bigint[])",)


def evaluate(cursor: Cursor, rule: CompiledRule, people: People, sweep_from: int = SWEEP_FROM) -> Truth:
    """For each person whether the rule holds at her instant."""
    if not len(people):
        return np.zeros(0, dtype=bool)
    way = "sweep" if len(people) >= sweep_from else "probe"
    sql = statement(rule, "evaluate", people_sql(rule), way, _THESE, condition=rule.condition)
    answers = {name: question.truth(cursor, people) for name, question in rule.questions.items()}
    return held(fetch_columns(cursor, sql, {**parameters(rule, people), **answers}), len(people))


def select_sql(rule: CompiledRule, at: datetime, zone: str, people: str = "consumer") -> tuple[str, dict[str, object]]:
    """A query for `id, shard` of everybody of one kind of people for whom the rule holds at this instant.

    ValueError for a rule with questions that are asked in Python: `audiences.rules.everybody` knows what to do.
    """
    refuse_questions(rule)
    instant = micros(at)
    params = {**rule.bound(Span(instant, instant, None)), "at": at, "zone": zone, "people": people}
    rows = SQL["everybody"].format(columns=rule.extra_columns, whom="kind = %(people)s")
    return statement(rule, "select", rows, "sweep", condition=rule.condition), params


def refuse_questions(rule: CompiledRule) -> None:
    """ValueError where part of a rule is asked in Python, of people at hand."""
    if rule.questions:
        raise ValueError("part of this rule is not asked in SQL")


def people_sql(rule: CompiledRule) -> str:
    """The rows of the people, with their profiles only if the rule looks at them."""
    name = "people_with_profile" if rule.needs_profile else "people"
    answers = "".join(f", %({each})s::boolean[]" for each in rule.questions)
    names = "".join(f", {each}" for each in rule.questions)
    return SQL[name].format(columns=rule.extra_columns, answers=answers, names=names)


def statement(
    rule: CompiledRule, name: str, people: str, way: str, among: Sequence[str] = (), **parts: str
) -> str:  # fmt: skip
    """The named query over these people. `among` narrows the rows `e` that are looked at, for all of them at once;
    `parts` are the query's own.
    """
    narrow = among if way == "sweep" else ()  # a descent per person is narrow already
    measures = [
        SQL[way].format(
            aggregate=each.aggregate, conditions=" AND ".join((*each.conditions, *narrow)),
            joins=" ".join(each.joins), name=f"m{number}",
        )
        for number, each in enumerate(rule.measures)
    ]  # fmt: skip
    these = "".join(f"{each} AND " for each in among)
    joined = " ".join((*measures, *(join.replace("{among}", these) for join in rule.joins)))
    # Read more than once, the people are worth keeping; read once, they are better merged into the query.
    materialized = "MATERIALIZED" if joined or rule.has_dear_columns else ""
    return SQL[name].format(materialized=materialized, people=people, measures=joined, **parts)


def held(columns: Mapping[str, Any], count: int) -> Truth:
    """A truth value per row from the positions that a query gave."""
    found = np.zeros(count, dtype=bool)
    found[np.asarray(columns["held"], dtype=np.int64) - 1] = True
    return found


def parameters(rule: CompiledRule, people: People) -> dict[str, object]:
    """The arrays of the people and the parameters of the rule."""
    since = people.began()
    return {
        **rule.bound(_span(people.at, since)),
        "zone": people.zone,
        "profile": np.ascontiguousarray(people.profile, dtype=np.int64),
        "at": instants(people.at),
        "since": instants(since),
        "entry_event": people.entry_event if people.entry_event is not None else np.zeros(len(people), np.int64),
        "data": json_array(people.data, len(people)) if rule.needs_data else [],
    }


def _span(at: Instants, since: Instants) -> Span:
    known, began = at[at != NEVER], since[since != NEVER]
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
