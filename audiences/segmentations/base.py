"""The contract of a segmentation's type: what divides everybody of a kind of people into cells.

    TYPES["rfm"]   TYPES["lifecycle"]   TYPES["grid"]

Adding one: a file in `audiences/segmentations/types` with a class that ends in `TYPES.register(…)`. A run measures
piece by piece (each within a second or so, kept as bytes), then settles all pieces into cells at once.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

from django.utils.functional import Promise
from pydantic import BaseModel, ValidationError

from audiences.bitmaps import Members
from audiences.definitions.base import Scope
from audiences.rules import Catalogue, Rule
from itinera.kit.errors import Problem, Refusal
from itinera.kit.registry import Registry
from itinera.kit.validation import problems_of

C = TypeVar("C", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Cell:
    """One part of everybody; `slug` is also the value of the segmentation's tag."""

    slug: str
    label: str


@dataclass(frozen=True, slots=True)
class Piece:
    """What was measured, where the next piece begins (None: this was the last), and how far it has come (0 to 1)."""

    body: bytes
    after: Any
    share: float


Pieces = Callable[[], Iterable[bytes]]
"""All pieces of a run, in order, as often as they are asked for: they are not held in memory."""


@dataclass(frozen=True, slots=True)
class Settled:
    """The cuts that were found (JSON), and who is in which cell: disjoint, by slug."""

    cuts: Mapping[str, Any]
    cells: Mapping[str, Members]


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that a person's cell rests on: what was found, its band of so many if it has one, and in words."""

    name: str
    value: Any
    text: str
    band: int | None = None
    bands: int | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """The cell in which one person stands, None if in none; why, in words; and the facts behind it."""

    cell: str | None
    why: str
    facts: tuple[Fact, ...]


class SegmentationType(ABC, Generic[C]):
    """One type. `is_ordered` says that its cells are stages, each after the one before."""

    slug: ClassVar[str]
    label: ClassVar[str | Promise]
    is_ordered: ClassVar[bool] = False
    config: type[C]

    def read(self, value: object, path: str = "config") -> C:
        """The settings of a JSON value. Refusal with all problems; paths in them begin with `path`."""
        try:
            return self.config.model_validate(value)
        except ValidationError as error:
            raise Refusal(problems_of(error, path)) from error

    @abstractmethod
    def check(self, config: C, catalogue: Catalogue, path: str) -> Iterator[Problem]:
        """What speaks against saving it in this workspace, and what is only odd (severity `warning`)."""

    def rules(self, config: C) -> Iterator[tuple[str, Rule]]:
        """The rules that it asks, each with its holder's place in the settings; they are checked for all types."""
        return iter(())

    @abstractmethod
    def cells(self, config: C) -> tuple[Cell, ...]:
        """All cells that there may be, in the order in which they are shown; stages from the first on."""

    @abstractmethod
    def piece(self, config: C, scope: Scope, after: Any) -> Piece:
        """Measure the next piece; `after` is None for the first."""

    @abstractmethod
    def settle(self, config: C, pieces: Pieces) -> Settled:
        """Cut, and put everybody who was measured into a cell, or into none."""

    @abstractmethod
    def explain(self, config: C, scope: Scope, cuts: Mapping[str, Any], profile: int) -> Standing | None:
        """Where one person stands by these cuts, as of the scope's instant; None if there is no such person."""


TYPES: Registry[SegmentationType[Any]] = Registry("segmentations")
