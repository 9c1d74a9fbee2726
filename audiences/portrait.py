"""One profile seen from all sides: who she is, what is known of her and since when, what she did and agreed to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import numpy as np
import orjson
from django.db import connection

from audiences import changes
from audiences.kinds import KINDS
from audiences.membership import audiences_of
from audiences.models import AttributeType, ConsentChange, Profile, Tag
from itinera.kit.masking import mask_identity
from itinera.kit.sqlfile import queries
from itinera.kit.wire import django_cursor

LATEST = 50
"""So many of her latest events, and of the latest changes of her consent, are shown."""

_SQL = queries(__file__, "portrait.sql")

Row = dict[str, Any]
Changed = Mapping[str, tuple[datetime, str]]


def profile_view(number: int, *, clear: bool) -> Row | None:
    """Facts, identities (masked unless `clear`) and latest events of a profile; None if there is none.

    `attributes` and `tags` are the plain values; `facts` and `labels` say beside each what it is called, of which
    type it is, and when it changed last (null: not since the profile was made) and by which source.
    """
    profile = Profile.objects.filter(id=number).first()
    if profile is None:
        return None
    newest = changes.newest(django_cursor(), np.array([number]))[number]
    return {
        "id": profile.id,
        "kind": profile.kind,
        "zone": profile.zone,
        "attributes": profile.attributes,
        "tags": profile.tags,
        "consent": profile.consent,
        "suppressed": profile.suppressed,
        "identities": identities_of(profile, clear=clear),
        "facts": _facts(profile.attributes, newest.attributes),
        "labels": _labels(profile.tags, newest.tags),
        "consents": _consents(profile),
        "consent_history": _consent_history(number),
        "audiences": audiences_of(django_cursor(), number),
        "events": latest_events(number),
        "created_at": profile.created_at,
        "updated_at": profile.updated_at,
    }


def identities_of(profile: Profile, *, clear: bool) -> list[Row]:
    """Her identities, known kinds first, and since when each is known."""
    rank = {kind: place for place, kind in enumerate(KINDS)}
    rows = sorted(profile.identities.all(), key=lambda row: (rank.get(row.kind, len(rank)), row.kind, row.value))
    return [
        {
            "kind": row.kind,
            "value": row.value if clear else mask_identity(row.kind, row.value),
            "since": row.created_at,
        }
        for row in rows
    ]


def latest_events(number: int, most: int = LATEST) -> list[Row]:
    """What she did last, newest first."""
    return events_of(number, most)


def events_of(number: int, most: int, name: str | None = None, before: tuple[datetime, int] | None = None) -> list[Row]:
    """What she did, newest first: of one name or of all, from before an event (its time and id)."""
    time, event = before or (None, None)
    params = {"profile": number, "most": most, "name": name, "time": time, "event": event}
    with connection.cursor() as cursor:
        cursor.execute(_SQL["events"], params)
        return [
            {"event": name, "label": label, "time": time, "properties": orjson.loads(body), "id": own}
            for name, label, time, body, own in cursor.fetchall()
        ]


def _facts(values: Mapping[str, Any], changed: Changed) -> list[Row]:
    """Her attributes, declared ones first."""
    known = {row.name: row for row in AttributeType.objects.filter(name__in=list(values))}
    found = [_fact(name, value, known.get(name), changed) for name, value in values.items()]
    return sorted(found, key=lambda fact: (not fact["declared"], fact["label"]))


def _fact(name: str, value: Any, known: AttributeType | None, changed: Changed) -> Row:
    at, source = changed.get(name, (None, None))
    told = {"type": None, "declared": False, "lookup": None}
    if known is not None:
        told = {"type": known.type, "declared": known.declared, "lookup": known.lookup or None}
    label = known.label if known is not None and known.label else name
    return {"name": name, "label": label, **told, "value": value, "changed_at": at, "changed_by": source}


def _labels(values: Mapping[str, Any], changed: Changed) -> list[Row]:
    """Her tags, by group."""
    known = {row.slug: row for row in Tag.objects.filter(slug__in=list(values))}
    found = [_label(slug, value, known.get(slug), changed) for slug, value in values.items()]
    return sorted(found, key=lambda label: (label["group"], label["label"]))


def _label(slug: str, value: Any, known: Tag | None, changed: Changed) -> Row:
    at, source = changed.get(slug, (None, None))
    told = {name: getattr(known, name, None) for name in ("type", "source")}
    label = known.label if known is not None and known.label else slug
    group = "" if known is None else known.group
    return {
        "slug": slug, "label": label, "group": group, **told, "value": value, "changed_at": at, "changed_by": source,
    }  # fmt: skip


def _consents(profile: Profile) -> list[Row]:
    """What she says now, by channel and category, with when and how she said it (null: not known)."""
    last: dict[tuple[str, str], ConsentChange] = {}
    for change in ConsentChange.objects.filter(profile=profile).order_by("at", "id"):
        last[change.channel, change.category] = change
    return [
        {"channel": channel, "category": category, "given": given, **_said(last.get((channel, category)), given)}
        for channel, categories in sorted(profile.consent.items())
        for category, given in sorted(categories.items())
    ]


def _said(change: ConsentChange | None, given: bool) -> Row:
    if change is None or change.given is not given:
        return {"source": None, "at": None, "proof": {}}
    return {"source": change.source, "at": change.at, "proof": change.proof}


def _consent_history(number: int) -> list[Row]:
    rows = ConsentChange.objects.filter(profile_id=number).order_by("-at", "-id")
    return list(rows.values("channel", "category", "given", "source", "at", "proof")[:LATEST])
