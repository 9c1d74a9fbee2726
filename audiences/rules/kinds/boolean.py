"""Yes or no."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from audiences.rules.kinds.base import Shape
from audiences.rules.kinds.simple import Operator, SimpleKind


class Boolean(SimpleKind[bool]):
    sql_type = "boolean"
    phrases = {"eq": _("equals %(value)s"), "ne": _("does not equal %(value)s")}
    operators = {"eq": Operator(Shape.ONE, "{x} = {v}", lambda x, v: x == v)}

    def read(self, value: object) -> bool | None:
        return value if isinstance(value, bool) else None

    def say_found(self, found: bool, zone: str) -> str:
        return gettext("yes") if found else gettext("no")

    def read_sql(self, json: str) -> str:
        return f"CASE jsonb_typeof({json}) WHEN 'boolean' THEN ({json})::boolean END"
