"""Facts about people in bulk: attributes and consent merge in the order of arrival, tags replace."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np
import orjson
from django.db import transaction

from audiences.batch import SQL, IngestReport, keep_rejected, settle_names, sift
from audiences.lines import ProfileLine, parse_profile_line
from audiences.resolve import resolve
from audiences.rules.catalogue import load_types
from audiences.stored import stored_json
from audiences.typed import TypeCheck
from itinera.kit.wire import Cursor, Ids, django_cursor, fetch_columns, instants, micros

Consent = dict[str, dict[str, bool]]


@dataclass
class _Change:
    """What the lines of a batch say about one person, merged; `consent` and `suppressed` start from what is known."""

    consent: Consent
    suppressed: list[str]
    attributes: dict[str, Any] = field(default_factory=dict)
    tags: Mapping[str, Any] | None = None
    zone: str | None = None


@dataclass
class _History:
    """Changes of consent, as columns."""

    profiles: list[int] = field(default_factory=list)
    channels: list[str] = field(default_factory=list)
    categories: list[str] = field(default_factory=list)
    given: list[bool] = field(default_factory=list)
    at: list[int] = field(default_factory=list)


def ingest_profiles(
    lines: Sequence[object], *, now: datetime, source: str, places: Sequence[int] | None = None
) -> IngestReport:
    """Take a batch of profile lines (contract §4), at most a few thousand. Sent again, they change nothing.

    `places` are the numbers by which bad lines are told; their positions in the batch if not given.
    """
    report = IngestReport()
    cursor = django_cursor()
    check = TypeCheck(load_types(cursor))

    def read(line: object) -> ProfileLine:
        found = parse_profile_line(line)
        for key in ("attributes", "tags", "consent"):
            stored_json(getattr(found, key), key)
        check.profile(found)
        return found

    good = sift(lines, places, report, read)
    report.accepted = len(good)
    with transaction.atomic():
        settle_names(cursor, check)
        if good:
            profiles = resolve(cursor, [line.identities for line in good], now=now, source=source)
            _write(cursor, good, profiles, now, source)
        keep_rejected(cursor, report, now, source)
    return report


def _write(cursor: Cursor, lines: Sequence[ProfileLine], profiles: Ids, now: datetime, source: str) -> None:
    columns = fetch_columns(cursor, SQL["lock_profiles"], {"ids": np.unique(profiles)})
    known = zip(orjson.loads(columns["consents"]), orjson.loads(columns["suppressed"]), strict=True)
    changes = {
        number: _Change(consent, suppressed)
        for number, (consent, suppressed) in zip(columns["ids"].tolist(), known, strict=True)
    }
    history = _History()
    for number, line in zip(profiles.tolist(), lines, strict=True):
        _merge(changes[number], line)
        _agree(changes[number].consent, number, line, now, history)
    _update(cursor, changes, now)
    _note_consent(cursor, history, source)


def _merge(change: _Change, line: ProfileLine) -> None:
    change.attributes.update(line.attributes)
    change.tags = line.tags if line.tags is not None else change.tags
    change.zone = line.zone or change.zone
    change.suppressed = sorted({*change.suppressed, *line.suppressed})


def _agree(consent: Consent, profile: int, line: ProfileLine, now: datetime, history: _History) -> None:
    """Merge consent, and note what changed."""
    for channel, categories in line.consent.items():
        for category, given in categories.items():
            if consent.get(channel, {}).get(category) is given:
                continue
            consent.setdefault(channel, {})[category] = given
            history.profiles.append(profile)
            history.channels.append(channel)
            history.categories.append(category)
            history.given.append(given)
            history.at.append(micros(now) if line.updated is None else line.updated)


def _update(cursor: Cursor, changes: Mapping[int, _Change], now: datetime) -> None:
    values = list(changes.values())
    cursor.execute(
        SQL["update_profiles"],
        {
            "ids": np.fromiter(changes, dtype=np.int64, count=len(changes)),
            "attributes": [_json(each.attributes) for each in values],
            "tags": [None if each.tags is None else _json(each.tags) for each in values],
            "zones": [each.zone for each in values],
            "consents": [_json(each.consent) for each in values],
            "suppressed": [_json(each.suppressed) for each in values],
            "now": now,
        },
    )


def _note_consent(cursor: Cursor, history: _History, source: str) -> None:
    if not history.profiles:
        return
    cursor.execute(
        SQL["add_consent_changes"],
        {
            "profiles": np.array(history.profiles, dtype=np.int64),
            "channels": history.channels,
            "categories": history.categories,
            "given": history.given,
            "at": instants(np.array(history.at, dtype=np.int64)),
            "source": source,
        },
    )


def _json(value: object) -> str:
    return orjson.dumps(value).decode()
