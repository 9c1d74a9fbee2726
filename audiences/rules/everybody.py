"""Everybody for whom a rule holds, whatever leaves it has."""

from __future__ import annotations

from datetime import datetime

import numpy as np

from audiences.rules.compile import CompiledRule
from audiences.rules.evaluate import SQL, evaluate, select_sql
from audiences.rules.people import Entering, People
from itinera.kit.wire import Cursor, Ids, fetch_columns, micros

SLICE = 50_000
"""People asked at a time, where a rule is not one query."""


def select_ids(
    cursor: Cursor, rule: CompiledRule, at: datetime, zone: str, people: str = "consumer", *,
    after: int = 0, most: int | None = None, journey: str | None = None,
) -> Ids:  # fmt: skip
    """The numbers of everybody of one kind of people for whom the rule holds at this instant, ascending.

    With `after` and `most`: the next so many beyond that number. `journey` is the one that they may enter, for leaves
    that ask for it. One query, or where leaves of the rule are asked in
    Python (`asked_in_python`) one for each slice of people.
    """
    if not rule.questions:
        sql, params = select_sql(rule, at, zone, people)
        values = {**params, "after": after, "most": most}
        found: Ids = fetch_columns(cursor, SQL["select_ids"].replace("{people}", sql), values)["id"]
        return found
    parts: list[Ids] = []
    while most is None or sum(map(len, parts)) < most:
        values = {"people": people, "after": after, "most": SLICE}
        ids: Ids = fetch_columns(cursor, SQL["slice"], values)["id"]
        if not len(ids):
            break
        instants = np.full(len(ids), micros(at))
        walks = None if journey is None else Entering(journey, instants)
        asked = People(ids, instants, None, zone, walks=walks)
        parts.append(ids[evaluate(cursor, rule, asked)])
        after = int(ids[-1])
    everyone = np.concatenate(parts) if parts else np.empty(0, np.int64)
    return everyone if most is None else everyone[:most]
