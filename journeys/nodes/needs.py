"""What a node must be given to decide: declared once per node of a plan, fetched by the engine for sets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from audiences.rules.ast import Filter, Rule
from itinera.kit.durations import Duration


class Column(NamedTuple):
    """One value per person: of her profile now, of the event she entered by, of the event a wait got."""

    of: Literal["profile", "entry", "answer"]
    name: str


@dataclass(frozen=True, slots=True)
class EventMatch:
    """Events of this name for which all filters hold."""

    event: str
    where: tuple[Filter, ...] = ()


@dataclass(frozen=True, slots=True)
class WaitNeed:
    """Wake those who WAIT when an event of a path comes; the first event decides, ties go by path order.

    With `from_entry` the engine also looks back on arrival and fills `Step.came`; when the decision is
    the port of a path, that event's properties become the person's `answer`.
    """

    paths: tuple[EventMatch, ...]
    from_entry: bool


@dataclass(frozen=True, slots=True)
class MessageNeed:
    """What policy is asked about and what is sent. Durations are exact (no months)."""

    channel: str
    category: str | None
    """None: the journey's."""

    account: str | None
    signature: str | None
    template: str | None
    content: Mapping[str, object] | None
    """Exactly one of template and content is there."""

    transactional: bool
    on_capped: Literal["continue", "hold", "exit"]
    hold_for: Duration | None
    on_quiet: Literal["hold", "drop"]
    stale_after: Duration
    wants_outcome: bool
    """She waits at the node for `sent` or `failed`; feed it back as ANSWERED."""


@dataclass(frozen=True, slots=True)
class Needs:
    """Everything a node may ask for; by default nothing."""

    rules: tuple[Rule, ...] = ()
    columns: frozenset[Column] = frozenset()
    zones: bool = False
    units: bool = False
    wait: WaitNeed | None = None
    message: MessageNeed | None = None
