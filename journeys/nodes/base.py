"""What a node is: a pure decision over columns of people.

A node never touches the database, the clock or chance. It says what it needs (`Needs`), is given that
together with the people who are at it (`Step`), and answers for each of them which way out she takes
or until when she waits (`Decision`); what it wants done is data too (`journeys.nodes.effects`). The
engine fetches, evaluates, judges and writes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from audiences.rules.ast import Rule
from itinera.kit.registry import Registry
from itinera.kit.wire import NEVER
from itinera.kit.zones import ZoneArray
from journeys.nodes.effects import Effect
from journeys.nodes.fields import Config, Note
from journeys.nodes.needs import Column, EventMatch, Needs

Bool = NDArray[np.bool_]
Int8 = NDArray[np.int8]
Int16 = NDArray[np.int16]
Int64 = NDArray[np.int64]
C = TypeVar("C", bound=Config)
T = TypeVar("T")
ConfigClass = type[C]


class Group(StrEnum):
    """Where a node stands in the palette, in this order."""

    START = "start"
    REACH = "reach"
    WAIT = "wait"
    DECIDE = "decide"
    SPLIT = "split"
    GUIDE = "guide"
    CHANGE = "change"
    END = "end"


WAIT, EXIT = -1, -2
"""In `Decision.port`: she stays at the node; her walk ends here as `completed`."""

ARRIVES, DUE, ANSWERED = 0, 1, 2
"""In `Step.resumed`: she comes to the node now; the time she waited for has come; what she waited for
(an event, the outcome of a message) has come."""

LATEST = 253_402_214_400_000_000
"""9999-12-31T00:00Z. No wait is longer: later instants have no date."""


@dataclass(frozen=True, slots=True)
class Step:
    """The people at one node in one round, as columns of equal length, one row per person.

    `at` is each one's own instant: when she arrived, or what she waited for came (never the time at
    which the wave runs). What a node did not ask for in `Needs` is not there.
    """

    profile: Int64
    at: Int64
    entered_at: Int64
    """When her walk began."""

    resumed: Int8
    """ARRIVES, DUE or ANSWERED."""

    answer: Int16
    """Where ANSWERED: for a `wait` the index of the path whose event came; for a `message` 0 when it
    was sent, 1 when it failed, 2 when it turned out that she cannot be reached. Elsewhere -1."""

    salt: str = ""
    """Of this node in this journey: the same person always falls into the same of its buckets."""

    truth: tuple[Bool, ...] = ()
    """One column per rule of `Needs.rules`, in that order, evaluated at `at`."""

    zones: ZoneArray | None = None
    """Each person's zone (`Needs.zones`): her own, else the journey's, else the workspace's."""

    units: Sequence[str] | None = None
    """`profile.unit` of each (`Needs.units`)."""

    columns: Mapping[Column, Sequence[object]] = field(default_factory=dict)
    """Values by column (`Needs.columns`): JSON values, None where missing."""

    came: tuple[Int64, ...] = ()
    """For a `wait` counting from entry: per path, when its first matching event in
    `[entered_at, at]` came; NEVER if none, and for rows that do not arrive."""

    verdict: Int8 | None = None
    """For `Needs.message`: what policy says (`channels_out.verdicts.Verdict`); of no meaning where ANSWERED."""

    held_until: Int64 | None = None
    """For `Needs.message`: until when, where the verdict is HOLD; later than `at`."""

    def __len__(self) -> int:
        return len(self.profile)

    @property
    def arriving(self) -> Bool:
        return np.asarray(self.resumed == ARRIVES)


def given(value: T | None) -> T:
    """What the node asked for in `Needs`; LookupError if it did not, or the engine forgot."""
    if value is None:
        raise LookupError("the node was not given this: is it in its Needs?")
    return value


@dataclass(frozen=True, slots=True)
class Decision:
    """For every row of the step: the way out, or WAIT or EXIT.

    `port` is an index into the node's ports. `until` is the due time of those who WAIT, always later
    than their `at`; NEVER (and for all others) means that no time ends the wait.
    """

    port: Int16
    until: Int64
    effects: tuple[Effect, ...] = ()

    @classmethod
    def all(cls, rows: int, port: int, effects: tuple[Effect, ...] = ()) -> Decision:
        """Everybody takes the same way."""
        return cls(np.full(rows, port, dtype=np.int16), np.full(rows, NEVER), effects)

    @classmethod
    def by_port(cls, port: NDArray[np.integer], effects: tuple[Effect, ...] = ()) -> Decision:
        """Nobody waits."""
        return cls(port.astype(np.int16), np.full(len(port), NEVER), effects)

    @classmethod
    def when(cls, step: Step, target: Int64, port: NDArray[np.integer] | int = 0) -> Decision:
        """Who arrives waits for her `target` unless it is reached already; everybody else goes on by `port`."""
        waits = step.arriving & (target > step.at)
        return cls(
            np.where(waits, WAIT, port).astype(np.int16),
            np.where(waits, np.minimum(target, LATEST), NEVER),
        )


class Node(Generic[C]):
    """One type of node. Stateless: one instance serves every canvas.

    Subclasses name themselves (`type`, `label`, `group`), their `Config` (pydantic; the single source
    of validation, schema and form) and their ways out, and implement `decide`.
    """

    type: ClassVar[str]
    label: ClassVar[object]
    """`str(label)` is in the caller's language."""

    group: ClassVar[Group]
    Config: ConfigClass[C]
    is_trigger: ClassVar[bool] = False
    ports_from: ClassVar[str | None] = None
    """The setting that lists ways out of the author's own, each with an `id`; they come first."""

    fixed_ports: ClassVar[tuple[str, ...]] = ("next",)
    optional_ports: ClassVar[frozenset[str]] = frozenset()
    """Ways out that fall back to `next` when no edge leads on from them."""

    def ports(self, config: C) -> tuple[str, ...]:
        """The ways out, in the order that `Decision.port` counts them. At most 62."""
        own = getattr(config, self.ports_from) if self.ports_from else ()
        return (*(way.id for way in own), *self.fixed_ports)

    def rules(self, config: C) -> Mapping[str, Rule]:
        """The rules in the settings by their path there."""
        return {}

    def events(self, config: C) -> Mapping[str, EventMatch]:
        """The events that must be fed for this node, by the path in the settings."""
        return {}

    def needs(self, config: C, wired: frozenset[str]) -> Needs:
        """What `decide` must be given. `wired` are the ports with an edge."""
        return Needs()

    def decide(self, config: C, wired: frozenset[str], step: Step) -> Decision:
        """Answer for every row. Deterministic, and no row's answer depends on another row.

        An unwired optional port must not be answered: those people leave by `next`.
        """
        raise NotImplementedError

    def notes(self, config: C, wired: frozenset[str], today: int) -> Iterator[Note]:
        """What an author should know (warnings); errors belong into `Config`. `today`: days since 1970."""
        return iter(())


NODES: Registry[Node[Config]] = Registry("nodes")


def register(cls: type[Node[C]]) -> type[Node[C]]:
    """Make a node type known: a decorator for its class."""
    NODES.register(cls.type, cls())  # type: ignore[arg-type]  # a registry cannot hold one config type per key
    return cls
