"""Hints for the rule builder in the browser: the contract between the server and whoever draws forms for rules.

`GET /api/v1/rules/catalogue` answers one object, in the reader's language. Whatever has a `label` is shown by it and
written into rules by its name; labels are never empty.

    leaves      [{key, label, journeys_only, parts: [{key, label, source, choices?: [{value, label}]}]}]
                the kinds of leaf in the order of the menu; `parts` as in `audiences.rules.forms.Choice`
    types       {TYPE: {label, operators: [{op, label, shape}]}}      text number money boolean date datetime list
                shape: nothing | one | many | pair | duration         what `value` has to be; a pair is [low, high]
    measures    [{measure, label, needs_property, type}]              of an event leaf; compared like that type
    windows     [{key, label, journeys_only, periods?: [{value, label}]}]     ever last between calendar since_entry
    clocks      [{clock, label, type, operators: [{op, label, shape}], values?: [{value, label}]}]
    references  [{of, label, journeys_only}]                          what a filter's value may point to, with a name
    consents    [{value, label}]      outcomes [{value, label}]       `is` of a consent leaf, of a message leaf
    attributes  [{name, label, type, declared, lookup}]
    events      [{name, label, declared, own, properties: [{name, label, type, declared, lookup}]}]
                `own`: Itinera writes it itself. `lookup`: slug of the table that its values are keys of, or null;
                with it `"via": {"table": SLUG, "column": NAME}` asks the condition of that column
    tags        [{slug, label, type, group, people, source, values}]  type null: a plain tag, asked by has / has_not;
                source: manual (journeys and people may set it), rule or model
    audiences   [{slug, name, people, size}]
    lookups     [{slug, label, key, columns: [{name, label, type}]}]
    channels    [{key, label}]        categories [{key, label}]       identities [{kind, label}]
    people      [{key, label}]        the kinds of people; rules are asked within one

`POST /api/v1/rules/check` takes `{"rule": RULE, "where": "audience" | "journey", "people"?: KIND}` and answers
`{"problems": [{code, detail, path?, severity}], "words": TEXT | null}`: paths are within the rule (`all[0].value`),
`words` is the rule in plain words, null where it cannot be read.

`GET /api/v1/rules/values?attribute=NAME&q=TEXT` (or `?event=NAME&property=NAME`, or `?table=SLUG&column=NAME`) answers
`{"values": [{value, count}]}`: up to 50 texts that are common among the latest or a sample, those that contain `q`
first to last by how often they were seen. They help; nothing depends on them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from audiences.models import PeopleKind, ValueType
from audiences.rules.ast import KEYS
from audiences.rules.catalogue import Catalogue, Known, KnownTable, identity_kinds, load_catalogue
from audiences.rules.channels import CHANNELS, categories
from audiences.rules.clocks import CLOCKS, weekdays
from audiences.rules.forms import Choice
from audiences.rules.identities import IDENTITIES, identity_label
from audiences.rules.kinds import KINDS, Kind
from audiences.rules.leaves.base import LEAVES, LeafKind
from audiences.rules.leaves.consent import CONSENTS
from audiences.rules.own_events import OWN, OWN_LABELS
from itinera.kit.wire import Cursor

Entry = dict[str, Any]
MEASURES: Mapping[str, str] = {
    "count": _("number of times"),
    "sum": _("sum"),
    "avg": _("average"),
    "min": _("smallest value"),
    "max": _("largest value"),
    "distinct": _("number of different values"),
    "first": _("first time"),
    "last": _("last time"),
}
WINDOWS: Mapping[str, str] = {
    "ever": _("ever"),
    "last": _("in the last"),
    "between": _("between two days"),
    "calendar": _("in a calendar period"),
    "since_entry": _("since entry"),
}
PERIODS: Mapping[str, str] = {
    "day": _("day"),
    "week": _("week"),
    "month": _("month"),
    "quarter": _("quarter"),
    "year": _("year"),
}
REFERENCES: Mapping[str, str] = {
    "profile": _("attribute of the profile"),
    "entry": _("property of the entry event"),
    "answer": _("property of the event that was waited for"),
}
OUTCOMES: Mapping[str, str] = {
    "sent": _("sent"),
    "delivered": _("delivered"),
    "opened": _("has been opened"),
    "clicked": _("has been clicked"),
    "replied": _("has been replied to"),
    "failed": _("failed"),
    "capped": _("held back by a cap"),
    "skipped": _("skipped"),
    "unreachable": _("unreachable"),
    "held": _("on hold"),
}
_BY_PROPERTY = frozenset({"sum", "avg", "min", "max", "distinct"})


def rule_hints(cursor: Cursor) -> Entry:
    """The whole document, for this workspace and the language that is active."""
    catalogue = load_catalogue(cursor)
    return {
        "leaves": [_leaf(LEAVES[key]) for key in KEYS if key in LEAVES],
        "types": {key: {"label": str(ValueType(key).label), "operators": _operators(KINDS[key])} for key in KINDS},
        "measures": [_measure(key) for key in MEASURES],
        "windows": [_window(key) for key in WINDOWS],
        "clocks": [_clock(key) for key in CLOCKS],
        "references": [_reference(key) for key in REFERENCES],
        "consents": _choices(CONSENTS),
        "outcomes": _choices(OUTCOMES),
        **_workspace(catalogue),
        "channels": [{"key": key, "label": gettext(label)} for key, label in CHANNELS.items()],
        "categories": [{"key": key, "label": label} for key, label in categories().items()],
        "identities": [{"kind": kind, "label": identity_label(kind)} for kind in _kinds(cursor)],
        "people": [{"key": str(kind.value), "label": str(kind.label)} for kind in PeopleKind],
    }


def _workspace(catalogue: Catalogue) -> Entry:
    """What this workspace has names for."""
    return {
        "attributes": _facts(catalogue.attributes, catalogue),
        "events": [
            {
                "name": name,
                "label": event.label or gettext(OWN_LABELS.get(name, name)),
                "declared": event.declared,
                "own": name.startswith(OWN),
                "properties": _facts(event.properties, catalogue),
            }
            for name, event in _sorted(catalogue.events)
        ],
        "tags": [
            {
                "slug": slug, "label": tag.label or slug, "type": tag.type, "group": tag.group, "people": tag.people,
                "source": tag.source,
                "values": [each for each in tag.values if tag.type is not None],
            }
            for slug, tag in _sorted(catalogue.tags)
        ],
        "audiences": [
            {"slug": slug, "name": each.name or slug, "people": each.people, "size": each.size}
            for slug, each in _sorted(catalogue.audiences) if not each.archived
        ],
        "lookups": [
            {"slug": slug, "label": table.label or slug, "key": table.key, "columns": _facts(table.columns, catalogue)}
            for slug, table in _sorted(catalogue.tables)
        ],
    }  # fmt: skip


def _sorted(known: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """What was declared first, then by name."""
    return sorted(known.items(), key=lambda item: (not getattr(item[1], "declared", True), item[0]))


def _facts(known: Mapping[str, Known], catalogue: Catalogue) -> list[Entry]:
    return [_fact(name, each, catalogue) for name, each in _sorted(known)]


def _fact(name: str, known: Known, catalogue: Catalogue) -> Entry:
    lookup = known.lookup or next(
        (slug for slug, table in catalogue.tables.items() if _is_key(name, known, table)), None
    )
    return {
        "name": name, "label": known.label or name, "type": known.type, "declared": known.declared, "lookup": lookup,
    }  # fmt: skip


def _is_key(name: str, known: Known, table: KnownTable) -> bool:
    """Whether values of this name are keys of the table: it is what the table's key is called."""
    return known.type in {"text", "number"} and bool(table.key) and table.key in {name, known.label}


def _leaf(leaf: LeafKind[Any]) -> Entry:
    parts = [_part(part) for part in leaf.parts]
    return {"key": leaf.key, "label": gettext(leaf.label), "journeys_only": leaf.journeys_only, "parts": parts}


def _part(part: Choice) -> Entry:
    found: Entry = {"key": part.key, "label": gettext(part.label) if part.label else "", "source": part.source}
    return {**found, "choices": _choices(part.choices)} if part.choices else found


def _operators(kind: Kind[Any]) -> list[Entry]:
    return [{"op": op, "label": kind.label(op), "shape": kind.shape(op).name.lower()} for op in kind.operators_of()]


def _measure(key: str) -> Entry:
    type_ = "datetime" if key in {"first", "last"} else "number"
    return {"measure": key, "label": gettext(MEASURES[key]), "needs_property": key in _BY_PROPERTY, "type": type_}


def _window(key: str) -> Entry:
    found: Entry = {"key": key, "label": gettext(WINDOWS[key]), "journeys_only": key == "since_entry"}
    return {**found, "periods": _choices(PERIODS)} if key == "calendar" else found


def _clock(key: str) -> Entry:
    clock = CLOCKS[key]
    type_ = {"weekday": "number", "workday": "boolean"}.get(key, key)
    found: Entry = {"clock": key, "label": gettext(clock.label), "type": type_, "operators": _operators(clock.kind)}
    return {**found, "values": _choices(weekdays())} if key == "weekday" else found


def _reference(key: str) -> Entry:
    return {"of": key, "label": gettext(REFERENCES[key]), "journeys_only": key != "profile"}


def _choices(choices: Mapping[str, str]) -> list[Entry]:
    return [{"value": value, "label": gettext(label)} for value, label in choices.items()]


def _kinds(cursor: Cursor) -> list[str]:
    return [*IDENTITIES, *(kind for kind in identity_kinds(cursor) if kind not in IDENTITIES)]
