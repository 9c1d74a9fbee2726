"""The stage that moves people: waves, one after another, until nothing is due."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import datetime

from itinera.kit import wire
from itinera.kit.stage import StageReport
from journeys.engine.run import PEOPLE, WaveReport, wave
from journeys.live import signal_counts

SECONDS = 5.0
"""One task runs at most so long, then gives its worker process back and hints at itself."""


def run(now: datetime, limit: int = PEOPLE, *, clock: Callable[[], datetime] | None = None) -> StageReport:
    """Walk everybody who has something to do at `now`, `limit` things per wave.

    After each commit it looks again: a hint that came while the shards were held is thereby not lost.
    With `clock` it reads the time anew before each wave.
    """
    total = WaveReport()
    started, rest = time.monotonic(), True
    while rest and time.monotonic() - started < SECONDS:
        at = wire.micros(clock() if clock else now)
        report = wave(at, limit, offset=os.getpid() * 7 % 64, changed=signal_counts)
        rest = report is not None and (report.people > 0 or not report.left)
        if report is not None:
            _add(total, report)
    detail = {k: getattr(total, k) for k in ("transitions", "entered", "messages", "errors", "rounds")}
    return StageReport("advance", total.people, rest, detail)


def _add(total: WaveReport, report: WaveReport) -> None:
    for name in ("people", "transitions", "entered", "messages", "errors", "rounds"):
        setattr(total, name, getattr(total, name) + getattr(report, name))
