"""Hands the orders of the present in, second by second, through the same doors that a shop's own system uses."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.client import HTTPConnection, HTTPException
from threading import Event as Flag
from typing import Any, Protocol
from urllib.parse import urlsplit

import psycopg
from django.db import Error as DatabaseError
from django.db import connection

from audiences.ingest import ingest_events, ingest_profiles
from itinera.demo.live import Sale, sales
from itinera.demo.orders import ZONE, Line

BATCH = 1_000
TICK = 1.0
CLOSED = timedelta(minutes=1)
"""After a longer pause (nobody answered, the machine slept) what would have been sold meanwhile is left out."""


class Unavailable(Exception):
    """Nobody took the lines, or nobody said so; the same lines can be handed in again."""


@dataclass
class Tally:
    """What became of the orders handed in since the last line on the screen."""

    orders: int = 0
    new_people: int = 0
    known: int = 0
    refused: int = 0

    def __str__(self) -> str:
        return f"{self.orders} orders, {self.new_people} new customers, {self.known} known, {self.refused} refused"


class Door(Protocol):
    """Where lines are handed in. Each call answers (accepted, duplicates, refused); Unavailable if it cannot."""

    def profiles(self, lines: list[Line], now: datetime) -> tuple[int, int, int]: ...

    def events(self, lines: list[Line], now: datetime) -> tuple[int, int, int]: ...


class DirectDoor:
    """Straight into the database, for when no web server runs."""

    def profiles(self, lines: list[Line], now: datetime) -> tuple[int, int, int]:
        return self._put(ingest_profiles, lines, now)

    def events(self, lines: list[Line], now: datetime) -> tuple[int, int, int]:
        return self._put(ingest_events, lines, now)

    def _put(self, ingest: Callable[..., Any], lines: list[Line], now: datetime) -> tuple[int, int, int]:
        report = ingest(lines, now=now, source="feed_orders")
        return report.accepted, report.duplicates, len(report.rejected)


class WebDoor:
    """The HTTP API, over one kept connection. `new_token` is asked when the old one is no longer taken."""

    def __init__(self, url: str, new_token: Callable[[], str]) -> None:
        self.host = urlsplit(url).netloc
        self.new_token = new_token
        self.token = new_token()
        self.line: HTTPConnection | None = None

    def profiles(self, lines: list[Line], now: datetime) -> tuple[int, int, int]:
        return self._post("/api/v1/profiles", lines)

    def events(self, lines: list[Line], now: datetime) -> tuple[int, int, int]:
        return self._post("/api/v1/events", lines)

    def _post(self, path: str, lines: list[Line]) -> tuple[int, int, int]:
        status, body = self._call(path, lines)
        if status == 401:
            self.token = self.new_token()
            status, body = self._call(path, lines)
        if status != 202:
            raise Unavailable(f"{path} answered {status}")
        answer = json.loads(body)
        return answer["accepted"], answer["duplicates"], len(answer["rejected"])

    def _call(self, path: str, lines: list[Line]) -> tuple[int, bytes]:
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        try:
            self.line = self.line or HTTPConnection(self.host, timeout=10)
            self.line.request("POST", path, json.dumps(lines).encode(), headers)
            answer = self.line.getresponse()
            return answer.status, answer.read()
        except (OSError, HTTPException) as lost:
            self.line = None
            raise Unavailable(type(lost).__name__) from lost


@dataclass
class Feeder:
    """Hands in what falls due, at `speed` orders a minute; what nobody took is handed in again."""

    door: Door
    clock: Callable[[], datetime]
    tell: Callable[[str], None]
    speed: int
    seed: int
    stop: Flag
    tally: Tally = field(default_factory=Tally)

    def run(self, minutes: float | None) -> None:
        """Go on until `stop` is set or so many minutes are over."""
        begun = since = told = self.clock()
        while not self.stop.wait(TICK):
            try:
                now = self.clock()
                since = self.until(max(since, now - CLOSED), now)
            except Unavailable as trouble:
                self.tell(f"waiting: {trouble}")
                continue
            except (DatabaseError, psycopg.Error) as trouble:  # ingestion works on the bare connection
                self.tell(f"waiting: the database does not answer ({type(trouble).__name__})")
                connection.close()
                continue
            if now - told >= timedelta(minutes=1):
                told = self._report(now)
            if minutes is not None and now - begun >= timedelta(minutes=minutes):
                break
        self._report(since)

    def until(self, since: datetime, now: datetime) -> datetime:
        """Hand in `[since, now)`; answers `now`, from where to go on."""
        for batch in _batches(sales(since, now, self.speed, self.seed)):
            people = [sale.profile for sale in batch if sale.profile is not None]
            if people:
                self.tally.refused += self.door.profiles(people, now)[2]
            accepted, known, refused = self.door.events([sale.order for sale in batch], now)
            self.tally.orders += accepted
            self.tally.new_people += len(people)
            self.tally.known += known
            self.tally.refused += refused
        return now

    def _report(self, now: datetime) -> datetime:
        self.tell(f"{now.astimezone(ZONE):%H:%M}  {self.tally}")
        self.tally = Tally()
        return now


def _batches(found: Iterator[Sale]) -> Iterator[list[Sale]]:
    batch: list[Sale] = []
    for sale in found:
        batch.append(sale)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
