"""Everybody for whom rules hold: several rules in one scan, over all profiles or a part of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np

from audiences.rules.ast import Rule
from audiences.rules.build import Span
from audiences.rules.catalogue import Catalogue
from audiences.rules.compile import compile_each, compile_rule
from audiences.rules.evaluate import SQL, evaluate, statement
from audiences.rules.people import Entering, People
from itinera.kit.wire import Cursor, Ids, fetch_columns, micros


@dataclass(frozen=True)
class Whom:
    """Who is looked at: a condition on the number of a profile, `{id}` (none: everybody), more of them on the row of
    `profile`, and the parameters of all.
    """

    numbers: str = ""
    profiles: tuple[str, ...] = ()
    params: Mapping[str, object] = field(default_factory=dict)

    @property
    def of_profile(self) -> str:
        """All of it as a condition over `profile`."""
        numbers = (self.numbers.format(id="id"),) if self.numbers else ()
        return " AND ".join((*numbers, *self.profiles)) or "true"

    @property
    def of_events(self) -> tuple[str, ...]:
        """What of it can be asked of rows `e` that are theirs."""
        return (self.numbers.format(id="e.profile_id"),) if self.numbers else ()


def gather(
    cursor: Cursor, rules: Sequence[Rule], catalogue: Catalogue, at: datetime, zone: str, whom: Whom,
    journey: str | None = None,
) -> list[Ids]:  # fmt: skip
    """For each rule those of `whom` for whom it holds at this instant, in any order. One statement, or if part of a
    rule is asked in Python one for each rule.

    `zone` is for people who have none of their own; `journey` the one that they may enter, for leaves that ask for it.
    """
    compiled, conditions = compile_each(rules, catalogue)
    if compiled.questions:
        return _asked(cursor, rules, catalogue, at, zone, whom, journey)
    lists = ", ".join(
        f"array_agg(u.profile) FILTER (WHERE {each}) AS found{place}" for place, each in enumerate(conditions)
    )
    rows = SQL["everybody"].format(columns=compiled.extra_columns, whom=whom.of_profile)
    sql = statement(compiled, "gather", rows, "sweep", whom.of_events, lists=lists)
    instant = micros(at)
    params = {**compiled.bound(Span(instant, instant, None)), **whom.params, "at": at, "zone": zone}
    return list(fetch_columns(cursor, sql, params).values())


def _asked(
    cursor: Cursor, rules: Sequence[Rule], catalogue: Catalogue, at: datetime, zone: str, whom: Whom,
    journey: str | None,
) -> list[Ids]:  # fmt: skip
    """The same where Python must know the people first."""
    ids: Ids = fetch_columns(cursor, SQL["whom"].format(whom=whom.of_profile), whom.params)["id"]
    instants = np.full(len(ids), micros(at))
    people = People(ids, instants, None, zone, walks=None if journey is None else Entering(journey, instants))
    return [ids[evaluate(cursor, compile_rule(rule, catalogue), people)] for rule in rules]
