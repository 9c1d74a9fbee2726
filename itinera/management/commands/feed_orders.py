"""`manage.py feed_orders`: the demo shop goes on selling, so that journeys have something to do."""

from __future__ import annotations

import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event as Flag
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from itinera import env
from itinera.access import tokens
from itinera.demo.feeder import DirectDoor, Door, Feeder, WebDoor
from itinera.demo.live import FASTEST
from itinera.kit import clock

ACTOR = "manage.py feed_orders"


class Command(BaseCommand):
    help = "Feeds orders of the demo shop until Ctrl-C, a line a minute. Starting it twice sells nothing twice."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--speed", type=int, default=60, help="orders a minute (default: %(default)s)")
        parser.add_argument("--minutes", type=float, help="stop after so many minutes (default: never)")
        parser.add_argument("--seed", type=int, default=1, help="another seed, other orders")
        parser.add_argument("--direct", action="store_true", help="straight into the database, not over the web API")

    def handle(self, *args: Any, **options: Any) -> None:
        if not 1 <= options["speed"] <= FASTEST:
            raise CommandError(f"--speed is from 1 to {FASTEST} orders a minute")
        stop = Flag()
        with _stopped_by_signals(stop), _door(direct=options["direct"]) as door:
            feeder = Feeder(door, clock.now, self._tell, options["speed"], options["seed"], stop)
            feeder.run(options["minutes"])

    def _tell(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


@contextmanager
def _door(*, direct: bool) -> Iterator[Door]:
    """The web API with a token of its own that ends with this run, or the database if no web server answers."""
    port = env.integer("WEB_PORT", 0)
    if direct or not port or not _answers(port):
        yield DirectDoor()
        return
    issued: list[Any] = []

    def new_token() -> str:
        token, text = tokens.issue(f"feed_orders {clock.now():%Y-%m-%d %H:%M:%S.%f}", ["ingest"], days=1, actor=ACTOR)
        issued.append(token)
        return text

    try:
        yield WebDoor(f"http://127.0.0.1:{port}", new_token)
    finally:
        for token in issued:
            tokens.revoke(token, ACTOR)


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=2).close()
    except OSError:
        return False
    return True


@contextmanager
def _stopped_by_signals(stop: Flag) -> Iterator[None]:
    """SIGINT and SIGTERM end the run after the orders in hand."""
    before = {number: signal.signal(number, lambda *_: stop.set()) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
