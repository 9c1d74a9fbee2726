"""Numbers and amounts of money: exact decimals, so that sums of prices compare as they are printed."""

from __future__ import annotations

from decimal import Decimal

from audiences.rules.kinds.base import Operator, Shape, SimpleKind


class Number(SimpleKind[Decimal]):
    sql_type = "numeric"
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

    def read_sql(self, json: str) -> str:
        return f"CASE jsonb_typeof({json}) WHEN 'number' THEN ({json})::numeric END"
