"""Events in bulk: checked, freed of duplicates, given to their people, written once, and fed to the engine."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import numpy as np
from django.db import transaction

from audiences.batch import SQL, IngestReport, keep_rejected, settle_names, sift
from audiences.event_rows import Row, event_rows, feed_rows, load_slot_fields
from audiences.hints import work_arrived
from audiences.lines import EventLine, parse_event_line
from audiences.models import INTEREST_LOCK, SLOTS_LOCK
from audiences.partitions import ensure_partitions
from audiences.resolve import resolve
from audiences.rules.catalogue import Catalogue, load_types
from audiences.stored import stored_json
from audiences.typed import TypeCheck
from itinera.kit import copy
from itinera.kit.wire import Cursor, Ids, django_cursor, fetch_columns, micros, moment
from itinera.kit.wire_text import UuidArray


class _Good(NamedTuple):
    """A line that will be written, with its properties as JSON."""

    line: EventLine
    properties: bytes


def ingest_events(
    lines: Sequence[object], *, now: datetime, source: str, places: Sequence[int] | None = None
) -> IngestReport:
    """Take a batch of event lines (contract §4), at most a few thousand. `now` bounds their time.

    `places` are the numbers by which bad lines are told; their positions in the batch if not given.
    """
    report = IngestReport()
    cursor = django_cursor()
    check = TypeCheck(load_types(cursor))

    def read(line: object) -> _Good:
        found = parse_event_line(line, now=now)
        text = stored_json(found.properties, "properties")
        check.event(found)
        return _Good(found, text)

    good = sift(lines, places, report, read)
    _prepare_months(cursor, good)
    with transaction.atomic():
        cursor.execute(SQL["slots_lock"], {"lock": SLOTS_LOCK})
        catalogue = settle_names(cursor, check)
        fresh = _fresh(cursor, good, now)
        report.duplicates = len(good) - len(fresh)
        report.accepted = len(fresh)
        if fresh:
            _write(cursor, fresh, catalogue, now, source)
        keep_rejected(cursor, report, now, source)
    return report


def _prepare_months(cursor: Cursor, good: Sequence[_Good]) -> None:
    """In a transaction of its own where possible: partitions must not wait for a batch that holds locks."""
    if good:
        times = [each.line.time for each in good]
        with transaction.atomic():
            ensure_partitions(cursor, "event", moment(min(times)), moment(max(times)))


def _fresh(cursor: Cursor, good: Sequence[_Good], now: datetime) -> Sequence[_Good]:
    """Without those whose id came before, in this batch or an earlier one."""
    sha256, first = hashlib.sha256, dict[bytes, int]()
    for position, (line, _text) in enumerate(good):
        if line.id is not None:
            first.setdefault(sha256(line.id.encode()).digest()[:16], position)
    if not first:
        return good
    positions = np.fromiter(first.values(), dtype=np.int64, count=len(first))
    columns = fetch_columns(cursor, SQL["known_keys"], {"keys": UuidArray(list(first)), "now": now})
    taken = np.asarray(columns["positions"], dtype=np.int64)
    if not len(taken) and len(first) == len(good):
        return good
    keeps = np.array([each.line.id is None for each in good], dtype=bool)
    keeps[positions] = True
    keeps[positions[taken - 1]] = False
    return [each for each, keep in zip(good, keeps.tolist(), strict=True) if keep]


def _write(cursor: Cursor, fresh: Sequence[_Good], catalogue: Catalogue, now: datetime, source: str) -> None:
    profiles = resolve(cursor, [each.line.identities for each in fresh], now=now, source=source).profiles
    ids: Ids = fetch_columns(cursor, SQL["event_ids"], {"count": len(fresh)})["ids"]
    types = catalogue.event_ids
    rows = [
        Row(number, profile, types[line.event], line.time, line.properties, text)
        for number, profile, (line, text) in zip(ids.tolist(), profiles.tolist(), fresh, strict=True)
    ]
    copy.write(cursor, SQL["add_events"], [event_rows(rows, micros(now), load_slot_fields(cursor))])
    cursor.execute(SQL["interest_lock"], {"lock": INTEREST_LOCK})
    wanted = set(np.asarray(fetch_columns(cursor, SQL["interest"], {})["types"]).tolist())
    fed = [row for row in rows if row.type in wanted]
    if fed:
        copy.write(cursor, SQL["add_feed"], [feed_rows(fed)])
        transaction.on_commit(work_arrived)
