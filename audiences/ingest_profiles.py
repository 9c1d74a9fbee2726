"""Facts about people in bulk: attributes and consent merge in the order of arrival, tags replace.

What changes about somebody who is known is kept in her history and fed to the journeys that ask for it; the first
facts about a new profile are no change.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np
import orjson
from django.db import transaction

from audiences import changes, kind_changes
from audiences.batch import SQL, IngestReport, keep_rejected, settle_names, sift
from audiences.lines import ProfileLine, parse_profile_line
from audiences.models.profile import PeopleKind
from audiences.resolve import Resolved, resolve
from audiences.rules.catalogue import load_types
from audiences.stored import stored_json
from audiences.tag_lines import TagCheck, load_tags
from audiences.typed import TypeCheck
from itinera.kit.wire import Cursor, django_cursor, fetch_columns, instants, micros

Consent = dict[str, dict[str, bool]]


@dataclass
class _Facts:
    """What the lines of a batch say about one person, merged; `consent` and `suppressed` start from what is known."""

    consent: Consent
    suppressed: list[str]
    attributes: dict[str, Any] = field(default_factory=dict)
    tags: Mapping[str, Any] | None = None
    zone: str | None = None
    kind: str | None = None


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
    tags = load_tags(cursor, check.new)
    good = sift(lines, places, report, lambda line: _read(line, check, tags))
    good = _of_their_kind(cursor, good, lines, places, report)
    report.accepted = len(good)
    with transaction.atomic():
        changes.prepare(cursor, now)
    with transaction.atomic():
        settle_names(cursor, check)
        if good:
            resolved = resolve(cursor, [line.identities for line in good], now=now, source=source)
            _write(cursor, good, resolved, tags.kept, now, source)
        keep_rejected(cursor, report, now, source)
    return report


def _read(line: object, check: TypeCheck, tags: TagCheck) -> ProfileLine:
    found = parse_profile_line(line)
    for key in ("attributes", "tags", "consent"):
        stored_json(getattr(found, key), key)
    check.profile(found)
    if not found.tags:
        return found
    return found._replace(tags=tags.read(found.tags, found.kind or PeopleKind.CONSUMER))


def _of_their_kind(
    cursor: Cursor, good: list[ProfileLine], lines: Sequence[object], places: Sequence[int] | None, report: IngestReport
) -> list[ProfileLine]:
    """Without the lines that would make somebody one of another kind of people who cannot become one now."""
    bad = kind_changes.refused(cursor, good)
    for place, why in bad.items():
        index = report.good[place]
        report.refuse(index if places is None else places[index], why, lines[index])
    return [line for place, line in enumerate(good) if place not in bad] if bad else good


def _write(
    cursor: Cursor, lines: Sequence[ProfileLine], resolved: Resolved, kept: list[str], now: datetime, source: str
) -> None:
    profiles = resolved.profiles
    columns = fetch_columns(cursor, SQL["lock_profiles"], {"ids": np.unique(profiles)})
    known = zip(orjson.loads(columns["consents"]), orjson.loads(columns["suppressed"]), strict=True)
    facts = {
        number: _Facts(consent, suppressed)
        for number, (consent, suppressed) in zip(columns["ids"].tolist(), known, strict=True)
    }
    history = _History()
    for number, line in zip(profiles.tolist(), lines, strict=True):
        _merge(facts[number], line)
        _agree(facts[number].consent, number, line, now, history)
    _update(cursor, facts, resolved.new, kept, now, source)
    _note_consent(cursor, history, source)


def _merge(facts: _Facts, line: ProfileLine) -> None:
    facts.attributes.update(line.attributes)
    facts.tags = line.tags if line.tags is not None else facts.tags
    facts.zone = line.zone or facts.zone
    facts.kind = line.kind or facts.kind
    facts.suppressed = sorted({*facts.suppressed, *line.suppressed})


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


def _update(
    cursor: Cursor, facts: Mapping[int, _Facts], new: frozenset[int], kept: list[str], now: datetime, source: str
) -> None:
    values = list(facts.values())
    changed = fetch_columns(
        cursor,
        SQL["update_profiles"],
        {
            "ids": np.fromiter(facts, dtype=np.int64, count=len(facts)),
            "new": np.fromiter((number in new for number in facts), dtype=bool, count=len(facts)),
            "kept": kept,
            "attributes": [_json(each.attributes) for each in values],
            "tags": [None if each.tags is None else _json(each.tags) for each in values],
            "zones": [each.zone for each in values],
            "people": [each.kind for each in values],
            "consents": [_json(each.consent) for each in values],
            "suppressed": [_json(each.suppressed) for each in values],
            "now": now,
            "source": source,
        },
    )
    changes.feed_sides(cursor, changed["profiles"], changed["sides"], now)


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
