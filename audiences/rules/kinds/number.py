"""Numbers and amounts of money: exact decimals, so that sums of prices compare as they are printed."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext_noop as _

from audiences.rules.kinds.base import Shape
from audiences.rules.kinds.simple import Operator, SimpleKind
from audiences.rules.words import money_words, number_words


class Number(SimpleKind[Decimal]):
    sql_type = "numeric"
    phrases = {
        "gte": "≥ %(value)s",
        "gt": "> %(value)s",
        "lte": "≤ %(value)s",
        "lt": "< %(value)s",
        "eq": "= %(value)s",
        "ne": "≠ %(value)s",
        "between": _("is between %(value)s"),
        "not_between": _("is not between %(value)s"),
        "in": _("is one of %(value)s"),
        "not_in": _("is none of %(value)s"),
    }
    operators = {
        "eq": Operator(Shape.ONE, "{x} = {v}", lambda x, v: x == v),
        "gt": Operator(Shape.ONE, "{x} > {v}", lambda x, v: x > v),
        "gte": Operator(Shape.ONE, "{x} >= {v}", lambda x, v: x >= v),
        "lt": Operator(Shape.ONE, "{x} < {v}", lambda x, v: x < v),
        "lte": Operator(Shape.ONE, "{x} <= {v}", lambda x, v: x <= v),
        "between": Operator(Shape.PAIR, "{x} BETWEEN {low} AND {high}", lambda x, v: v[0] <= x <= v[1]),
        "in": Operator(Shape.MANY, "{x} = ANY({v})", lambda x, v: x in v),
    }

    def read(self, value: object) -> Decimal | None:
        """A float is taken as it is written: 0.1 is a tenth. NaN and infinities are no numbers here."""
        if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
            return None
        found = value if isinstance(value, Decimal) else Decimal(repr(value))
        return found if found.is_finite() else None

    def say_found(self, found: Decimal, zone: str) -> str:
        return number_words(found)

    def read_sql(self, json: str) -> str:
        return f"CASE jsonb_typeof({json}) WHEN 'number' THEN ({json})::numeric END"


class Money(Number):
    """An amount: compared like any number, said with cents."""

    def say_found(self, found: Decimal, zone: str) -> str:
        return money_words(found)
