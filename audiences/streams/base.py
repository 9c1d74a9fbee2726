"""The contract of a stream: messages in batches, and a mark that is moved once they are durable."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from itinera.kit.registry import Registry


@dataclass(frozen=True, slots=True)
class Message:
    """One message: where it stands in its stream (the same each time it is read), and its bytes."""

    place: str
    body: bytes


class Stream(ABC):
    """A stream that is open. What was read and not marked is read again after a crash: at least once."""

    @abstractmethod
    def read(self, most: int, seconds: float) -> Sequence[Message]:
        """At most so many messages, waiting so long for the first; empty when none came. OSError when it is gone."""

    @abstractmethod
    def mark(self) -> None:
        """Everything read so far is durable and need not be read again."""

    @abstractmethod
    def close(self) -> None:
        """Let go of it, so that others take over its part at once."""


Options = Mapping[str, str]
STREAMS: Registry[Callable[[Options], Stream]] = Registry("streams")
"""How a stream of each kind is opened from its options. Refusal if an option is missing or wrong."""
