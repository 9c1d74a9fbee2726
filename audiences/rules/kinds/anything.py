"""A value whose type nobody declared: can be there or not, and equal to another of the same type."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext_noop as _

from audiences.rules.kinds.base import Bind, Here, Json, Kind, Row, Shape


class Anything(Kind[object]):
    shapes = {"is_set": Shape.NOTHING, "eq": Shape.ONE, "in": Shape.MANY}
    phrases = {
        "eq": _("is %(value)s"),
        "ne": _("is not %(value)s"),
        "in": _("is one of %(value)s"),
        "not_in": _("is none of %(value)s"),
    }

    def say_found(self, found: object, zone: str) -> str:
        return str(found)

    def read(self, value: object) -> object | None:
        return value

    def compare(self, op: str, found: object, operand: object, here: Here) -> bool:
        if op == "eq":
            return same(found, operand)
        return isinstance(operand, list | tuple) and any(same(found, each) for each in operand)

    def read_sql(self, json: str) -> str:
        return f"nullif({json}, 'null'::jsonb)"

    def compare_sql(self, op: str, x: str, operand: object, row: Row, bind: Bind) -> str:
        """Only against values in the database: a literal has a type of its own."""
        assert isinstance(operand, Json)
        scalar = f"jsonb_typeof({x}) IN ('string', 'number', 'boolean')"
        if op == "eq":
            return f"{scalar} AND {x} = {operand.sql}"
        return f"{scalar} AND jsonb_typeof({operand.sql}) = 'array' AND {operand.sql} @> {x}"


def same(one: object, other: object) -> bool:
    """Equal scalars of the same JSON type: 1 and 1.0 are, 1 and true are not."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, int | float | Decimal) and isinstance(other, int | float | Decimal):
        return Decimal(str(one)) == Decimal(str(other))
    return isinstance(one, str) and one == other
