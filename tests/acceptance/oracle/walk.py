"""One walk (enrolment): where it stands, what it has done, and the three things that a node can say."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from tests.acceptance.oracle.canvas import Journey, Node
from tests.acceptance.oracle.people import Json, Person
from tests.acceptance.oracle.policy import Verdict, Workspace
from tests.acceptance.oracle.rules import Asked
from tests.acceptance.oracle.times import duration, shift


@dataclass
class Step:
    """One node passed, or stood at while `left` is None."""

    node: str
    at: datetime
    port: str | None = None
    left: datetime | None = None


@dataclass
class Message:
    """What became of one message."""

    node: str
    channel: str
    at: datetime
    status: str
    reason: str | None = None
    content: Json | None = None


@dataclass(frozen=True)
class Leave:
    """Go on through a port."""

    port: str


@dataclass(frozen=True)
class Park:
    """Stay at the node; asked again at `due`."""

    due: datetime


@dataclass(frozen=True)
class End:
    """The walk is over."""

    reason: str


Outcome = Leave | Park | End


@dataclass
class Walk:
    """One enrolment. `used` are the lines that have ended a wait of this walk, the entry event among them."""

    journey: Journey
    number: int
    person: Person
    workspace: Workspace
    entered_at: datetime
    entry_line: int | None
    entry: Json
    key: object
    answer: Json = field(default_factory=dict)
    used: set[int | None] = field(default_factory=set)
    steps: list[Step] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    due: datetime | None = None
    stay_ends: datetime | None = None
    wait: tuple[datetime, datetime] | None = None
    refused_since: datetime | None = None
    held: Verdict | None = None
    goal_met: bool = False
    reason: str | None = None

    @property
    def live(self) -> bool:
        return self.reason is None

    @property
    def node(self) -> Node:
        """The node at which the walk stands."""
        return self.journey.node[self.steps[-1].node]

    @property
    def zone(self) -> ZoneInfo:
        """Profile's zone, else the journey's, else the workspace's."""
        return self.person.zone or self.journey.zone or self.workspace.zone

    def __post_init__(self) -> None:
        if self.journey.max_stay:
            self.stay_ends = shift(self.entered_at, duration(self.journey.max_stay), self.zone)

    def asked(self, at: datetime) -> Asked:
        """The scene for a rule asked by this walk."""
        catalogue = self.workspace.catalogue
        return Asked(self.person, at, self.zone, catalogue, self.entered_at, self.entry_line, self.entry, self.answer)

    def end(self, reason: str, at: datetime) -> None:
        """Leave for good, from wherever she stands."""
        self.reason, self.due, self.held = reason, None, None
        if self.steps[-1].left is None:
            self.steps[-1].left = at
