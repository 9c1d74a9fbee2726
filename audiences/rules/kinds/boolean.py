"""Yes or no."""

from __future__ import annotations

from audiences.rules.kinds.base import Operator, Shape, SimpleKind


class Boolean(SimpleKind[bool]):
    sql_type = "boolean"
    operators = {"eq": Operator(Shape.ONE, "{x} = {v}", lambda x, v: x == v)}

    def read(self, value: object) -> bool | None:
        return value if isinstance(value, bool) else None

    def read_sql(self, json: str) -> str:
        return f"CASE jsonb_typeof({json}) WHEN 'boolean' THEN ({json})::boolean END"
