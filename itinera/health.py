"""Is it running, and how far behind: for a monitor, for Prometheus, for somebody who is worried.

Sits above the apps and counts rows by itself, so that it needs none of them to work. No personal data.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.conf import settings
from django.db import Error, connection, transaction
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from redis import Redis
from redis.exceptions import RedisError
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from itinera.access.permissions import Grant, requires
from itinera.kit.sqlfile import queries

SQL = queries(__file__, "health.sql")
MAY_SEE = ("journeys.view_journey", "read")
PATIENCE = "2s"
"""A database that does not answer within this is not well."""
BEAT_IS_LATE = 60.0
"""Seconds. Beat writes down what it has started every few seconds, not at every tick."""
MESSAGES = {0: "queued", 1: "claimed", 2: "calling"}
QUEUES = ("waves", "dispatch", "long")


@dataclass(frozen=True, slots=True)
class Health:
    """One look. What cannot be known is None or empty. `beat` and lags are seconds, the rest are numbers."""

    ok: bool
    database: bool
    broker: bool
    beat: float | None
    feed: int
    due_chunks: int
    lag: float
    messages: Mapping[str, int]
    queues: Mapping[str, int]
    shards: Mapping[str, Mapping[str, float]]


def look() -> Health:
    """Asks the database and the broker, each at most for a moment."""
    rows, queues = _database(), _broker()
    shards = {str(s): {"feed": f, "due_chunks": d, "lag": lag} for s, f, d, lag in rows.get("shards", ())}
    beat = rows["beat"][0][0] if "beat" in rows else None
    return Health(
        ok=bool(rows) and queues is not None and beat is not None and beat <= BEAT_IS_LATE,
        database=bool(rows),
        broker=queues is not None,
        beat=beat,
        feed=int(sum(each["feed"] for each in shards.values())),
        due_chunks=int(sum(each["due_chunks"] for each in shards.values())),
        lag=max((each["lag"] for each in shards.values()), default=0.0),
        messages={MESSAGES[status]: count for status, count in rows.get("messages", ())},
        queues=queues or {},
        shards=shards,
    )


def _database() -> dict[str, list[Any]]:
    """The rows of every query by its name; nothing if the database does not answer."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [PATIENCE])
            found = {}
            for name, statement in SQL.items():
                cursor.execute(statement)
                found[name] = cursor.fetchall()
            return found
    except Error:
        return {}


def _broker() -> dict[str, int] | None:
    """The lengths of the task queues; None if the broker does not answer."""
    try:
        with Redis.from_url(settings.BROKER_URL, socket_connect_timeout=1, socket_timeout=1) as broker:
            return {queue: int(broker.llen(queue)) for queue in QUEUES}
    except (RedisError, OSError):
        return None


class HealthView(APIView):
    """Open to all, who learn whether it is well (200) or not (503); who may read learns the rest."""

    permission_classes = [AllowAny]

    @extend_schema(responses={200: OpenApiTypes.OBJECT, 503: OpenApiTypes.OBJECT})
    def get(self, request: Request) -> Response:
        health = look()
        told = asdict(health) if Grant(*MAY_SEE).holds(request.user) else {"ok": health.ok}
        return Response(told, 200 if health.ok else 503)

    def handle_exception(self, exc: Exception) -> Response:
        """Whoever shows a token while the database is away still hears what is wrong."""
        if isinstance(exc, Error):
            return self.finalize_response(self.request, Response({"ok": False, "database": False}, 503))
        return super().handle_exception(exc)


class MetricsView(APIView):
    """The same figures for Prometheus, which sends a token with the scope `read`."""

    permission_classes = [requires(*MAY_SEE)]

    @extend_schema(responses={(200, "text/plain"): OpenApiTypes.STR})
    def get(self, request: Request) -> HttpResponse:
        return HttpResponse("".join(_lines(look())), content_type="text/plain; version=0.0.4; charset=utf-8")


def _lines(health: Health) -> Iterator[str]:
    yield from _gauge("up", "Everything that is needed answers.", {"": health.ok})
    yield from _gauge("database_up", "The database answers.", {"": health.database})
    yield from _gauge("broker_up", "The broker answers.", {"": health.broker})
    if health.beat is not None:
        yield from _gauge("beat_age_seconds", "Seconds since beat last started anything.", {"": health.beat})
    yield from _gauge("messages", "Messages not at an end, by status.", _labelled("status", health.messages))
    yield from _gauge("queue_tasks", "Hints in the broker, by queue.", _labelled("queue", health.queues))
    for figure, meaning in (
        ("feed", "Rows of the feed that no wave has taken."),
        ("due_chunks", "Chunks whose time has come."),
        ("lag", "Seconds since the oldest work came due."),
    ):
        by_shard = {shard: values[figure] for shard, values in health.shards.items()}
        yield from _gauge(f"shard_{figure}", meaning, _labelled("shard", by_shard))


def _labelled(label: str, values: Mapping[str, float]) -> dict[str, float]:
    return {f'{{{label}="{name}"}}': value for name, value in values.items()}


def _gauge(name: str, meaning: str, values: Mapping[str, float]) -> Iterator[str]:
    yield f"# HELP itinera_{name} {meaning}\n# TYPE itinera_{name} gauge\n"
    for labels, value in values.items():
        yield f"itinera_{name}{labels} {float(value):g}\n"
