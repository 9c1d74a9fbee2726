"""Kafka: a real client against librdkafka's own cluster, which listens on loopback; the command as its own process."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from confluent_kafka import Producer

from audiences.models import Event, Profile, RejectedRow
from audiences.streams.base import STREAMS, Message, Stream
from audiences.streams.consume import consume, take
from itinera.kit.errors import Refusal
from itinera.local.home import PROJECT

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(120)]
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def cluster() -> Iterator[tuple[Producer, str]]:
    """A cluster of one broker in this process, and its address."""
    producer = Producer({"bootstrap.servers": "none", "test.mock.num.brokers": 1})
    brokers = producer.list_topics(timeout=10).brokers.values()
    yield producer, ",".join(f"{broker.host}:{broker.port}" for broker in brokers)
    producer.flush(5)


def order(number: int, **more: Any) -> bytes:
    return json.dumps(
        {"member_id": f"M{number}", "event": "order_paid", "time": "2026-02-01T10:00:00+08:00", **more}
    ).encode()


def test_messages_are_taken_once_however_often_they_are_read() -> None:
    messages = [Message(f"t:0:{n}", order(n)) for n in range(5)] + [
        Message("t:0:5", b'{"member_id":"M1","attributes":{"city":"\xe4\xb8\x8a\xe6\xb5\xb7"}}'),
        Message("t:0:6", b"nonsense"),
        Message("t:0:7", b"[1]"),
    ]
    first, again = take(messages, "stream:test", NOW), take(messages, "stream:test", NOW)
    assert (first.accepted, first.duplicates, len(first.rejected)) == (6, 0, 2)
    assert (again.accepted, again.duplicates) == (1, 5)
    assert Event.objects.count() == 5
    assert Profile.objects.get(identities__value="M1").attributes == {"city": "上海"}
    assert RejectedRow.objects.filter(source="stream:test").count() == 4


class Broken(Stream):
    """A stream whose mark is lost once."""

    def __init__(self, messages: list[Message]) -> None:
        self.messages, self.marked, self.lost = messages, 0, False

    def read(self, most: int, seconds: float) -> list[Message]:
        return self.messages[self.marked : self.marked + most]

    def mark(self) -> None:
        if not self.lost:
            self.lost = True
            raise OSError("gone")
        self.marked = len(self.messages)

    def close(self) -> None:
        """Nothing to let go of."""


def test_what_was_durable_but_not_marked_is_read_again_and_counts_once() -> None:
    stream = Broken([Message(f"t:0:{n}", order(n)) for n in range(3)])
    with pytest.raises(OSError, match="gone"):
        consume(stream, "stream:test", lambda: NOW, lambda: True, lambda report: None)
    consume(stream, "stream:test", lambda: NOW, lambda: stream.marked == 0, lambda report: None)
    assert Event.objects.count() == 3


def test_a_missing_option_is_named() -> None:
    with pytest.raises(Refusal) as refused:
        STREAMS["kafka"]({"servers": "127.0.0.1:1", "topics": "events"})
    assert refused.value.problems[0].path == "group"


def test_the_command_reads_a_topic_and_ends_when_told(
    cluster: tuple[Producer, str], site_environment: dict[str, str]
) -> None:
    producer, servers = cluster
    for number in range(2_500):
        producer.produce("events", order(number))
    producer.produce("events", b"{")
    producer.flush(10)
    command = [sys.executable, "manage.py", "consume", "kafka", f"servers={servers}", "topics=events", "group=itinera"]
    program = subprocess.Popen(command, cwd=PROJECT, env=site_environment, stdout=subprocess.PIPE, text=True)
    until = time.monotonic() + 60
    while RejectedRow.objects.count() < 1 or Event.objects.count() < 2_500:
        assert time.monotonic() < until, Event.objects.count()
        assert program.poll() is None
        time.sleep(0.2)
    program.send_signal(signal.SIGTERM)
    told, _ = program.communicate(timeout=20)
    assert "2500 accepted, 0 known before, 1 refused" in told
    assert program.returncode == 0
