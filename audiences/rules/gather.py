"""Everybody for whom rules hold: several rules in one scan, over all profiles or a part of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from audiences.rules.ast import Rule
from audiences.rules.build import Span
from audiences.rules.catalogue import Catalogue
from audiences.rules.compile import compile_each
from audiences.rules.evaluate import SQL, statement
from itinera.kit.wire import Cursor, Ids, fetch_columns, micros


@dataclass(frozen=True)
class Whom:
    """Who is looked at: a condition over rows of `profile`, conditions over events `e`, the parameters of both."""

    profiles: str = "true"
    events: Sequence[str] = ()
    params: Mapping[str, object] = field(default_factory=dict)


def gather(
    cursor: Cursor, rules: Sequence[Rule], catalogue: Catalogue, at: datetime, zone: str, whom: Whom
) -> list[Ids]:  # fmt: skip
    """For each rule those of `whom` for whom it holds at this instant, in any order. One statement.

    The rules must have passed `check_rule`. `zone` is for people who have none of their own.
    """
    compiled, conditions = compile_each(rules, catalogue)
    lists = ", ".join(
        f"array_agg(u.profile) FILTER (WHERE {each}) AS found{place}" for place, each in enumerate(conditions)
    )
    people = SQL["everybody"].format(columns=compiled.extra_columns, whom=whom.profiles)
    sql = statement(compiled, "gather", people, "sweep_all", whom.events, lists=lists)
    instant = micros(at)
    params = {**compiled.bound(Span(instant, instant, None)), **whom.params, "at": at, "zone": zone}
    return list(fetch_columns(cursor, sql, params).values())
