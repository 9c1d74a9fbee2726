"""Dates and instants. A plain date is a local day of the person; an instant is the same everywhere.

Two instants are compared as instants. Where either side is a plain date, days are compared, an instant standing for
the local day it lies in; so of `before`, `on` and `after` exactly one holds: 15 March is not before noon of 15 March,
it is on that day. `between` asks so of each of its ends. `on` always compares days. `in_last`, `in_next` and
`older_than` look at instants for instants, both ends in, and at whole local days for plain dates, today included.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from django.utils.translation import gettext_noop as _

from audiences.rules.fields import Moment
from audiences.rules.kinds import moments, moments_sql
from audiences.rules.kinds.base import Bind, Here, Json, Kind, Row, Shape
from audiences.rules.kinds.moments import read_duration
from audiences.rules.kinds.moments_sql import When
from audiences.rules.words import moment_words

_EAST_AND_WEST = ("Pacific/Kiritimati", "Etc/GMT+12")
_SIGN = {"before": "<", "after": ">", "on": "="}


class Temporal(Kind[Moment]):
    """`days` and `instants` say which of the two a stored value may be."""

    shapes: ClassVar = {
        "is_set": Shape.NOTHING,
        "before": Shape.ONE,
        "after": Shape.ONE,
        "on": Shape.ONE,
        "between": Shape.PAIR,
        "in_last": Shape.DURATION,
        "in_next": Shape.DURATION,
        "older_than": Shape.DURATION,
        "anniversary": Shape.DURATION,
    }

    phrases = {
        "before": _("is before %(value)s"),
        "after": _("is after %(value)s"),
        "on": _("is on %(value)s"),
        "between": _("is between %(value)s"),
        "not_between": _("is not between %(value)s"),
        "in_last": _("is within the last %(value)s"),
        "in_next": _("is within the next %(value)s"),
        "older_than": _("is more than %(value)s ago"),
        "anniversary": _("has its anniversary within %(value)s"),
    }

    def __init__(self, *, days: bool, instants: bool) -> None:
        self.days, self.instants = days, instants

    def read(self, value: object) -> Moment | None:
        found = Moment.read(value) if isinstance(value, str) else None
        return found if found and (self.days if found.day is not None else self.instants) else None

    def problem(self, op: str, value: object) -> str | None:
        """What is compared with may be a date or an instant, whichever the stored values are."""
        return super().problem(op, value) if self is EITHER else EITHER.problem(op, value)

    def say(self, value: object, zone: str) -> str:
        """What is compared with may be of either kind."""
        found = EITHER.read(value)
        return str(value) if found is None else moment_words(found, zone)

    def say_found(self, found: Moment, zone: str) -> str:
        return moment_words(found, zone)

    def is_duration(self, op: str, value: object) -> bool:
        """Only `anniversary` may look back."""
        found = read_duration(value)
        return found is not None and (op == "anniversary" or not found.is_negative)

    def in_order(self, low: Moment, high: Moment) -> bool:
        """Refused is only a pair that is in the wrong order wherever somebody may live."""
        return any(not moments.before(high, low, Here(0, zone)) for zone in _EAST_AND_WEST)

    def compare(self, op: str, found: Moment, operand: object, here: Here) -> bool:
        shape = self.shapes[op]
        if shape is Shape.DURATION:
            span = read_duration(operand)
            return span is not None and moments.within(op, found, span, here)
        if shape is Shape.ONE:
            other = EITHER.read(operand)
            return other is not None and moments.ORDERS[op](found, other, here)
        pair = operand if isinstance(operand, list | tuple) and len(operand) >= 2 else (None, None)
        low, high = EITHER.read(pair[0]), EITHER.read(pair[1])
        if low is None or high is None:
            return False
        return not moments.before(found, low, here) and not moments.after(found, high, here)

    def read_sql(self, json: str) -> When:
        return When(f"rule_day({json})" if self.days else None, f"rule_instant({json})" if self.instants else None)

    def hoisted_sql(self, json: str, hoist: Callable[[str], str]) -> When:
        """Reading a text as an instant is dear, and comparisons name it twice."""
        x = self.read_sql(json)
        return When(x.day and hoist(x.day), x.instant and hoist(x.instant))

    def is_set_sql(self, x: When) -> str:
        return x.known()

    def compare_sql(self, op: str, x: When, operand: object, row: Row, bind: Bind) -> str:
        shape = self.shapes[op]
        if shape is Shape.DURATION:
            span = read_duration(operand)
            assert span is not None
            return moments_sql.within(op, x, span, row)
        if shape is Shape.ONE:
            return moments_sql.order(_SIGN[op], x, self._one_sql(operand, bind), row)
        low, high = self._pair_sql(operand, bind)
        return f"NOT ({moments_sql.order('<', x, low, row)}) AND NOT ({moments_sql.order('>', x, high, row)})"

    def _pair_sql(self, operand: object, bind: Bind) -> tuple[When, When]:
        if isinstance(operand, Json):
            return EITHER.read_sql(f"({operand.sql} -> 0)"), EITHER.read_sql(f"({operand.sql} -> 1)")
        assert isinstance(operand, tuple)
        return self._one_sql(operand[0], bind), self._one_sql(operand[1], bind)

    def _one_sql(self, operand: object, bind: Bind) -> When:
        if isinstance(operand, Json):
            return EITHER.read_sql(operand.sql)
        found = EITHER.read(operand)
        assert found is not None
        return moments_sql.literal(found, bind)


EITHER = Temporal(days=True, instants=True)
"""The values of something that nobody declared, and what any of them is compared with."""
