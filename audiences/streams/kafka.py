"""Kafka, by confluent-kafka (librdkafka). An optional extra: `pip install itinera[kafka]`.

Offsets are committed by us after the database has committed, never by the client's timer; a rebalance in between
hands the same messages to somebody else, whose ids are then known.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from audiences.streams.base import STREAMS, Message, Options, Stream
from itinera.kit.errors import Refusal

_OURS = ("servers", "topics", "group")


class KafkaStream(Stream):
    """`consumer` is a `confluent_kafka.Consumer` that has subscribed."""

    def __init__(self, consumer: Any, errors: type[Exception]) -> None:
        self._consumer, self._errors = consumer, errors

    def read(self, most: int, seconds: float) -> Sequence[Message]:
        try:
            found = self._consumer.consume(num_messages=most, timeout=seconds)
        except self._errors as error:
            raise OSError(str(error)) from error
        fatal = [each.error() for each in found if each.error() is not None and not each.error().retriable()]
        if fatal:
            raise OSError(str(fatal[0]))
        return [
            Message(f"{each.topic()}:{each.partition()}:{each.offset()}", each.value() or b"")
            for each in found
            if each.error() is None
        ]

    def mark(self) -> None:
        try:
            self._consumer.commit(asynchronous=False)
        except self._errors as error:
            raise OSError(str(error)) from error

    def close(self) -> None:
        self._consumer.close()


def open_kafka(options: Options) -> Stream:
    """`servers`, `topics` (separated by commas), `group`; any other option goes to librdkafka as it is."""
    try:
        from confluent_kafka import Consumer, KafkaException
    except ImportError:
        words = _("Kafka needs the package confluent-kafka: pip install confluent-kafka")
        raise Refusal.because("not_installed", words) from None
    missing = [name for name in _OURS if not options.get(name)]
    if missing:
        raise Refusal.because(
            "missing_key", _("The option %(name)s is missing.") % {"name": missing[0]}, path=missing[0]
        )
    others = {name: value for name, value in options.items() if name not in _OURS}
    consumer = Consumer(
        {
            "auto.offset.reset": "earliest",
            **others,
            "bootstrap.servers": options["servers"],
            "group.id": options["group"],
            "enable.auto.commit": False,
        }
    )
    consumer.subscribe([topic.strip() for topic in options["topics"].split(",") if topic.strip()])
    return KafkaStream(consumer, KafkaException)


STREAMS.register("kafka", open_kafka)
