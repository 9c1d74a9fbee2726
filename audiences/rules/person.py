"""One person as rules see her: everything that can be asked, at one instant. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from audiences.rules.fields import Reference
from audiences.rules.kinds import Here
from audiences.rules.leaf_ast import Leaf


@dataclass(frozen=True, slots=True)
class PastEvent:
    """Something that a person did: `at` in microseconds since 1970; `id` orders events of one instant."""

    name: str
    at: int
    properties: Mapping[str, Any]
    id: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether a leaf holds, and what was found (in words; empty where there is nothing to say)."""

    holds: bool
    found: str = ""


NO = Answer(holds=False)


@dataclass(frozen=True)
class Person:
    """All that a rule can ask of one person, at one instant.

    `since` and `entry_event` are those of her walk, None outside of one. `events` are in order of time.
    `identities` are the kinds of them. `rows` are rows of look-up tables by table and key. `answers` are those of
    leaves that are asked in Python (`ColumnLeaf`).
    """

    at: int
    zone: str
    attributes: Mapping[str, Any] = field(default_factory=dict)
    events: Sequence[PastEvent] = ()
    since: int | None = None
    entry_event: int | None = None
    data: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    tags: Mapping[str, Any] = field(default_factory=dict)
    consent: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    identities: frozenset[str] = frozenset()
    people: str | None = "consumer"
    rows: Mapping[tuple[str, str], Mapping[str, Any]] = field(default_factory=dict)
    answers: Mapping[Leaf, Answer] = field(default_factory=dict)

    @property
    def here(self) -> Here:
        return Here(self.at, self.zone)

    def operand(self, value: object) -> object:
        """What a condition compares with: the value itself, or what a reference points to."""
        if not isinstance(value, Reference):
            return value
        if value.of == "profile":
            return self.attributes.get(value.name)
        return self.data.get(value.of, {}).get(value.name)
