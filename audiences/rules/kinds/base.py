"""What a type of value can be asked: its operators, in SQL over a set and in Python for one person.

Both halves of an operator stand side by side, so that they are changed together; property tests
compare them. Only the positive operators are written: `ne`, `not_in`, `not_contains`, `not_between`,
`has_none` and `not_set` are the plain negation of theirs, and so hold for a missing value.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, ClassVar, Generic, TypeVar

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from audiences.rules.words import duration_words, list_words, pair_words
from itinera.kit.durations import Duration

POSITIVE: Mapping[str, str] = {
    "ne": "eq",
    "not_in": "in",
    "not_contains": "contains",
    "not_between": "between",
    "has_none": "has_any",
    "not_set": "is_set",
}
"""Each negative operator and the one it negates."""


SET: Mapping[str, str] = {"is_set": _("is set"), "not_set": _("is not set")}
"""The operators of every type, in words."""


class Shape(Enum):
    """What an operator is given to compare with."""

    NOTHING = _("takes no value")
    ONE = _("takes one value of this type")
    MANY = _("takes a list of values of this type")
    PAIR = _("takes two values of this type, the smaller first")
    DURATION = _("takes a duration such as P7D")


@dataclass(frozen=True, slots=True)
class Json:
    """A value that is only known in the database: an SQL expression of type jsonb."""

    sql: str


@dataclass(frozen=True, slots=True)
class Row:
    """SQL expressions for the person of the current row: the instant she is judged at, and her zone."""

    at: str
    zone: str


@dataclass(frozen=True, slots=True)
class Here:
    """The same in Python: microseconds since 1970, and a zone's name."""

    at: int
    zone: str


Bind = Callable[[object, str], str]
"""Takes a value and its SQL type, gives the placeholder: user data never become SQL text."""

T = TypeVar("T")


class Kind(ABC, Generic[T]):
    """A type of value. `X` in the names below is what the type's values are in SQL."""

    shapes: ClassVar[Mapping[str, Shape]]
    """The positive operators."""

    phrases: ClassVar[Mapping[str, str]]
    """All operators in the order of a form, each as a msgid with `%(value)s` where its value is said."""

    def problem(self, op: str, value: object) -> str | None:
        """Why a literal value does not suit an operator of this type, as a msgid; None if it does."""
        shape = self.shape(op)
        fits = {
            Shape.NOTHING: lambda: value is None,
            Shape.ONE: lambda: self.read(value) is not None,
            Shape.MANY: lambda: isinstance(value, tuple) and all(self.read(each) is not None for each in value),
            Shape.PAIR: lambda: self._is_pair(value),
            Shape.DURATION: lambda: self.is_duration(op, value),
        }
        return None if fits[shape]() else shape.value

    def has(self, op: str) -> bool:
        return POSITIVE.get(op, op) in self.shapes

    def shape(self, op: str) -> Shape:
        return self.shapes[POSITIVE.get(op, op)]

    def holds(self, op: str, value: object, operand: object, here: Here) -> bool:
        """The answer for one JSON value; a value of another type is missing."""
        return self.answer(op, self.read(value), operand, here)

    def answer(self, op: str, found: T | None, operand: object, here: Here) -> bool:
        """The same for a value that has been read; None is missing."""
        positive = POSITIVE.get(op, op)
        holds = found is not None and (positive == "is_set" or self.compare(positive, found, operand, here))
        return holds != (op in POSITIVE)

    def condition(self, op: str, x: Any, operand: object, row: Row, bind: Bind) -> str:
        """SQL that is true or false, never NULL, for an X made by `read_sql`."""
        positive = POSITIVE.get(op, op)
        sql = self.is_set_sql(x) if positive == "is_set" else self.compare_sql(positive, x, operand, row, bind)
        return f"{'NOT ' if op in POSITIVE else ''}coalesce({sql}, false)"

    def is_duration(self, op: str, value: object) -> bool:
        return False

    def is_set_sql(self, x: Any) -> str:
        return f"({x}) IS NOT NULL"

    def _is_pair(self, value: object) -> bool:
        if not isinstance(value, tuple) or len(value) != 2:
            return False
        low, high = (self.read(each) for each in value)
        return low is not None and high is not None and self.in_order(low, high)

    def in_order(self, low: T, high: T) -> bool:
        return bool(low <= high)  # type: ignore[operator]

    def operators_of(self) -> Iterator[str]:
        """Every operator, negative ones too, in the order of a form."""
        return (op for op in (*self.phrases, *SET) if self.has(op))

    def label(self, op: str) -> str:
        """The operator by itself, as a form offers it."""
        return self.words(op, "…").strip("… ")

    def words(self, op: str, value: str) -> str:
        """What is asked, in words: operator and value (already in words)."""
        return gettext({**self.phrases, **SET}[op]) % {"value": value}

    def value_words(self, op: str, value: Any, zone: str) -> str:
        """The literal value of an operator, in words."""
        shape = self.shape(op)
        if shape is Shape.NOTHING:
            return ""
        if shape is Shape.DURATION:
            return duration_words(Duration.parse(value))
        if shape is Shape.ONE:
            return self.say(value, zone)
        said = [self.say(each, zone) for each in value]
        return pair_words(said) if shape is Shape.PAIR else list_words(said)

    def say(self, value: Any, zone: str) -> str:
        """One JSON value in words; instants by the wall clock of the zone. Another type's is shown as it is."""
        found = self.read(value)
        return str(value) if found is None else self.say_found(found, zone)

    @abstractmethod
    def say_found(self, found: T, zone: str) -> str:
        """The same for a value that has been read."""

    @abstractmethod
    def read(self, value: object) -> T | None:
        """A JSON value as this type's; None when it is of another type."""

    @abstractmethod
    def compare(self, op: str, found: T, operand: object, here: Here) -> bool:
        """A positive operator over a value that is there; `operand` is JSON."""

    def hoisted_sql(self, json: str, hoist: Callable[[str], str]) -> Any:
        """The SQL X of a jsonb expression over the row `b`, with what is worth it computed once per person."""
        return self.read_sql(hoist(json))

    @abstractmethod
    def read_sql(self, json: str) -> Any:
        """The SQL X of a jsonb expression; NULL when it is of another type."""

    @abstractmethod
    def compare_sql(self, op: str, x: Any, operand: object, row: Row, bind: Bind) -> str:
        """The same as `compare` in SQL; may be NULL, which is false. `operand` is a literal or `Json`."""
