"""Why a rule holds for one profile or not, from what is stored."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from audiences.rules.ast import Attribute, Leaf, Rule, leaf_key
from audiences.rules.catalogue import Catalogue, load_catalogue
from audiences.rules.leaf_ast import Filter, Via
from audiences.rules.leaves.base import LEAVES, Explanation
from audiences.rules.lookups import key_of
from audiences.rules.nesting import all_leaves, asked_in_python, event_names, judge
from audiences.rules.people import People
from audiences.rules.person import Answer, PastEvent, Person
from audiences.rules.speech import Speech
from itinera.kit.sqlfile import queries
from itinera.kit.wire import NEVER, Cursor, micros, moment

_SQL = queries(__file__, "../sql/explain.sql")


def explain(cursor: Cursor, rule: Rule, alone: People) -> Explanation:
    """The same answer as the set-wise one for a set of one (`People.one`), as a tree with the values behind each leaf.

    Attributes are today's: their earlier values are not kept. The rule must have passed `check_rule`.
    """
    catalogue = load_catalogue(cursor)
    profile_id, at = int(alone.profile[0]), int(alone.at[0])
    cursor.execute(_SQL["profile"], {"profile": profile_id})
    zone, people, *texts, identities = cursor.fetchone() or (None, None, "{}", "{}", "{}", [])
    attributes, tags, consent = map(_load, texts)
    events = _events(cursor, event_names(rule, catalogue), profile_id, at)
    since = int(alone.began()[0])
    person = Person(
        at=at,
        zone=zone or alone.zone,
        attributes=attributes,
        events=events,
        since=None if since == NEVER else since,
        entry_event=None if alone.entry_event is None else int(alone.entry_event[0]),
        data=_data(alone),
        tags=tags,
        consent=consent,
        identities=frozenset(identities),
        people=people,
        rows=_rows(cursor, rule, catalogue, attributes, events),
        answers=_answers(cursor, asked_in_python(rule, catalogue), catalogue, alone),
    )
    return judge(rule, person, Speech(catalogue, person.zone))


def _events(cursor: Cursor, names: Iterable[str], profile_id: int, at: int) -> list[PastEvent]:
    params = {"profile": profile_id, "names": sorted(names), "at": moment(at)}
    cursor.execute(_SQL["events"], params)
    return [PastEvent(name, micros(time), _load(text), number) for name, time, text, number in cursor.fetchall()]


def _data(alone: People) -> Mapping[str, Mapping[str, Any]]:
    data = (alone.data[0] if alone.data is not None else None) or "{}"
    return data if isinstance(data, Mapping) else _load(data)


def _answers(cursor: Cursor, leaves: Iterable[Leaf], catalogue: Catalogue, alone: People) -> dict[Leaf, Answer]:
    found = {}
    for leaf in leaves:
        question = LEAVES[leaf_key(leaf)].question(leaf, catalogue)
        assert question is not None
        told = question.told(cursor, alone) if question.told else ""
        found[leaf] = Answer(bool(question.truth(cursor, alone)[0]), told)
    return found


def _rows(
    cursor: Cursor, rule: Rule, catalogue: Catalogue, attributes: Mapping[str, Any], events: list[PastEvent]
) -> dict[tuple[str, str], dict[str, Any]]:
    """The rows of look-up tables that the rule may ask for, by one query."""
    asked = {
        (via.table, key)
        for leaf in all_leaves(rule, catalogue)
        for via, values in _looked_up(leaf, attributes, events)
        for value in values
        if (key := key_of(value)) is not None
    }
    if not asked:
        return {}
    tables, keys = zip(*sorted(asked), strict=True)
    cursor.execute(_SQL["rows"], {"tables": list(tables), "keys": list(keys)})
    return {(table, key): _load(text) for table, key, text in cursor.fetchall()}


def _looked_up(leaf: Any, attributes: Mapping[str, Any], events: list[PastEvent]) -> Iterator[tuple[Via, list[object]]]:
    """Every look-up of a leaf, with the values that may be looked up."""
    if isinstance(leaf, Attribute) and leaf.via is not None:
        yield leaf.via, [attributes.get(leaf.attribute)]
    filters: list[Filter] = [*getattr(leaf, "where", ())]
    filters += [each for step in getattr(leaf, "sequence", ()) for each in step.where]
    for each in filters:
        if each.via is not None:
            yield each.via, [event.properties.get(each.property) for event in events]


def _load(text: str | bytes) -> dict[str, Any]:
    """Numbers stay exact: 0.1 + 0.2 is 0.3 in the database, and here."""
    loaded: dict[str, Any] = json.loads(text, parse_float=Decimal)
    return loaded
