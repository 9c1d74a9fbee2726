"""Reads a stream into the one way in: a batch is ingested, and only then marked as read.

After a crash in between it is read again; every message has an id (its own, or its place in the stream), so nothing
counts twice.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from audiences.batch import Bad, IngestReport
from audiences.files.jsonl import read_line
from audiences.ingest import ingest_events, ingest_profiles
from audiences.streams.base import Message, Stream

log = logging.getLogger(__name__)
BATCH, WAIT = 1_000, 0.5
"""Messages of one transaction, and seconds to wait for the first."""


def consume(
    stream: Stream, source: str, clock: Callable[[], datetime], going: Callable[[], bool],
    told: Callable[[IngestReport], None],
) -> None:  # fmt: skip
    """Until `going` says no. `told` hears of each batch; bad messages are kept like every bad row."""
    while going():
        messages = stream.read(BATCH, WAIT)
        if not messages:
            continue
        told(take(messages, source, clock()))
        stream.mark()


def take(messages: Sequence[Message], source: str, now: datetime) -> IngestReport:
    """One batch: lines with `event` are events, the others are about people. Places are those in the batch."""
    report = IngestReport()
    lines = [_line(message) for message in messages]
    events = [place for place, line in enumerate(lines) if isinstance(line, Bad) or "event" in line]
    people = [place for place, line in enumerate(lines) if not isinstance(line, Bad) and "event" not in line]
    for places, ingest in ((people, ingest_profiles), (events, ingest_events)):
        if places:
            found = ingest([lines[place] for place in places], now=now, source=source, places=places)
            report.accepted += found.accepted
            report.duplicates += found.duplicates
            report.rejected += found.rejected
    if report.rejected:
        log.warning("%d messages of %s were refused and kept", len(report.rejected), source)
    return report


def _line(message: Message) -> Any:
    """The message as a line. An event without an id gets its place in the stream for one."""
    found = read_line(message.body)
    if isinstance(found, Bad):
        return found
    if not isinstance(found, dict):
        words = _("A message must be a JSON object.")
        return Bad("not_an_object", words, message.body[:200].decode(errors="replace"))
    if "event" in found and found.get("id") is None:
        return {**found, "id": f"stream:{message.place}"}
    return found
