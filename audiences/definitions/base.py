"""The contract of a definition: an object with one key says who belongs to an audience, and its kind finds them.

    {"rule": RULE}   {"members": {…}}   …

Adding one: a file in this folder with a class that ends in `DEFINITIONS.register(…)`.

A definition that asks for rules calls `audiences.select.members_of(rule, scope)`, one that rests on audiences
`audiences.reading.members_of_audiences(slugs, scope)`. Both may raise `itinera.kit.pace.Unfinished` when the time
that `scope.pace` gives is up; what they have found until then is kept, and whoever asks again with the same `scope.at`
comes further. A definition that is dear in itself looks at `scope.pace` too, or is quick.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar, Generic, TypeVar

from audiences.bitmaps import Members
from audiences.rules import Catalogue
from audiences.rules.places import Place
from itinera.kit.errors import Problem
from itinera.kit.pace import NO_HURRY, Pace
from itinera.kit.registry import Registry
from itinera.kit.wire import Cursor

C = TypeVar("C")


@dataclass(frozen=True)
class Scope:
    """What a definition is read against: everybody of one kind of people, at one instant.

    `zone` is for people who have none of their own. `known_by` leaves out who became known later than that (a run of
    a schedule that is made late). `slug` is the audience whose definition is read, empty for one that is not saved.
    `live` computes the audiences that it rests on as of `at` too, instead of reading them as of their last refresh.
    `kept_for` is how much older than `at` the result of a leaf may be; `run` names a piece of work that takes its time
    (a job), which uses its own results only. `within` is who alone is asked about. `journey` is the one that they may
    enter, for leaves that ask for it.
    """

    cursor: Cursor
    at: datetime
    zone: str
    kind: str
    catalogue: Catalogue
    slug: str = ""
    live: bool = False
    known_by: datetime | None = None
    kept_for: timedelta = timedelta()
    run: str = ""
    journey: str | None = None
    within: Members | None = None
    pace: Pace = NO_HURRY


class Definition(ABC, Generic[C]):
    """One kind; `key` is the key that names it. `is_static` says that time alone changes nobody's membership:
    it is read as it is stored, and a refresh only leaves out who is not there any more.
    """

    key: ClassVar[str]
    is_static: ClassVar[bool] = False

    @abstractmethod
    def read(self, value: object, path: str) -> C:
        """What stands under the key. Refusal with all problems; paths in them begin with `path`."""

    @abstractmethod
    def check(self, config: C, catalogue: Catalogue, place: Place, path: str) -> Iterator[Problem]:
        """What speaks against saving it in this workspace, and what is only odd (severity `warning`). `place` is what
        `check_rule` wants to know: the kind of people.

        Whether the audiences that it rests on are there, and form no circle, is looked after for all kinds.
        """

    @abstractmethod
    def asks(self, config: C) -> frozenset[str]:
        """The slugs of the audiences that it rests on."""

    @abstractmethod
    def members(self, config: C, scope: Scope) -> Members:
        """Who belongs to it. No statement takes longer than a few seconds over a million people."""

    @abstractmethod
    def explain(self, config: C) -> str:
        """The definition in plain words, in the reader's language."""


DEFINITIONS: Registry[Definition[Any]] = Registry("audience definitions")


def kind_of(definition: Mapping[str, Any]) -> tuple[Definition[Any], object]:
    """The kind of a stored definition, and what stands under its key."""
    ((key, value),) = definition.items()
    return DEFINITIONS[key], value
