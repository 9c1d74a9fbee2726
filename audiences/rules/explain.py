"""Why a rule holds for one profile or not, from what is stored."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from audiences.rules.ast import Rule
from audiences.rules.catalogue import load_catalogue
from audiences.rules.single import Explanation, PastEvent, Person, event_names, judge
from itinera.kit.sqlfile import queries
from itinera.kit.wire import Cursor, micros, moment

_SQL = queries(__file__, "../sql/explain.sql")


def explain(
    cursor: Cursor, rule: Rule, profile_id: int, at: int, zone: str, *,
    since: int | None = None, entry_event: int | None = None,
    data: Mapping[str, Mapping[str, Any]] | None = None,
) -> Explanation:  # fmt: skip
    """The same answer as the set-wise one, as a tree with the values behind each leaf.

    `at` (microseconds since 1970) is the instant of judgement. Attributes are today's: their earlier
    values are not kept. `zone` is for a profile that has none.
    """
    cursor.execute(_SQL["profile"], {"profile": profile_id})
    own_zone, attributes = cursor.fetchone() or (None, "{}")
    params = {"profile": profile_id, "names": sorted(event_names(rule)), "at": moment(at)}
    cursor.execute(_SQL["events"], params)
    events = [PastEvent(name, micros(time), _load(text), number) for name, time, text, number in cursor.fetchall()]
    person = Person(at, own_zone or zone, _load(attributes), events, since, entry_event, data or {})
    return judge(rule, person, load_catalogue(cursor))


def _load(text: str) -> dict[str, Any]:
    """Numbers stay exact: 0.1 + 0.2 is 0.3 in the database, and here."""
    loaded: dict[str, Any] = json.loads(text, parse_float=Decimal)
    return loaded
