"""Types whose values are one SQL type, and whose operators need neither clock nor zone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

from audiences.rules.kinds.base import Bind, Here, Json, Kind, Row, Shape

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Operator:
    """A positive operator of a simple type: `sql` has `{x}` and `{v}`, or `{low}` and `{high}`."""

    shape: Shape
    sql: str
    holds: Callable[[Any, Any], bool]


class SimpleKind(Kind[T]):
    """A type whose values are one SQL type, and whose operators need neither clock nor zone."""

    sql_type: ClassVar[str]
    operators: ClassVar[Mapping[str, Operator]]

    def __init_subclass__(cls) -> None:
        cls.shapes = {"is_set": Shape.NOTHING} | {op: each.shape for op, each in cls.operators.items()}

    def bound(self, value: object) -> object:
        """A literal as the parameter of a query."""
        return self.read(value)

    def compare(self, op: str, found: T, operand: object, here: Here) -> bool:
        operator = self.operators[op]
        if operator.shape is Shape.NOTHING:
            return operator.holds(found, None)
        if operator.shape is Shape.ONE:
            one = self.read(operand)
            return one is not None and operator.holds(found, one)
        if not isinstance(operand, Sequence) or isinstance(operand, str):
            return False
        many = [self.read(each) for each in operand]
        if operator.shape is Shape.PAIR:
            return len(many) >= 2 and None not in many[:2] and operator.holds(found, many)
        return operator.holds(found, [each for each in many if each is not None])

    def compare_sql(self, op: str, x: str, operand: object, row: Row, bind: Bind) -> str:
        operator = self.operators[op]
        if operator.shape is Shape.PAIR:
            low, high = self._pair_sql(operand, bind)
            return operator.sql.format(x=x, low=low, high=high)
        v = ""
        if operator.shape is Shape.ONE:
            v = self.read_sql(operand.sql) if isinstance(operand, Json) else bind(self.bound(operand), self.sql_type)
        elif operator.shape is Shape.MANY:
            v = self.many_sql(operand, bind)
        return operator.sql.format(x=x, v=v)

    def _pair_sql(self, operand: object, bind: Bind) -> tuple[str, str]:
        if isinstance(operand, Json):
            return self.read_sql(f"({operand.sql} -> 0)"), self.read_sql(f"({operand.sql} -> 1)")
        assert isinstance(operand, tuple)
        low, high = operand
        return bind(self.bound(low), self.sql_type), bind(self.bound(high), self.sql_type)

    def many_sql(self, operand: object, bind: Bind) -> str:
        if isinstance(operand, Json):
            each = self.read_sql("member")
            members = f"jsonb_array_elements(CASE jsonb_typeof({operand.sql}) WHEN 'array' THEN {operand.sql} END)"
            known = f"SELECT {each} FROM {members} AS member WHERE {each} IS NOT NULL"  # noqa: S608 - our own SQL
            return f"CASE jsonb_typeof({operand.sql}) WHEN 'array' THEN ARRAY({known}) END"
        assert isinstance(operand, tuple)
        return bind([self.bound(each) for each in operand], f"{self.sql_type}[]")
