"""Text: compared exactly; `contains` and its like ignore case."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from audiences.rules.kinds.base import Shape
from audiences.rules.kinds.simple import Operator, SimpleKind
from audiences.rules.words import text_words


def fold(text: str) -> str:
    """Lower case, one character for one, as PostgreSQL's `lower` does it (no ß → ss, no final sigma)."""
    return text.lower() if text.isascii() else "".join(each.lower()[:1] for each in text)


class Text(SimpleKind[str]):
    sql_type = "text"
    phrases = {
        "eq": _("is %(value)s"),
        "ne": _("is not %(value)s"),
        "in": _("is one of %(value)s"),
        "not_in": _("is none of %(value)s"),
        "contains": _("contains %(value)s"),
        "not_contains": _("does not contain %(value)s"),
        "starts_with": _("starts with %(value)s"),
        "ends_with": _("ends with %(value)s"),
    }
    operators = {
        "eq": Operator(Shape.ONE, "{x} = {v}", lambda x, v: x == v),
        "in": Operator(Shape.MANY, "{x} = ANY({v})", lambda x, v: x in v),
        "contains": Operator(Shape.ONE, "position(lower({v}) IN lower({x})) > 0", lambda x, v: fold(v) in fold(x)),
        "starts_with": Operator(
            Shape.ONE, "starts_with(lower({x}), lower({v}))", lambda x, v: fold(x).startswith(fold(v))
        ),
        "ends_with": Operator(
            Shape.ONE, "right(lower({x}), length({v})) = lower({v})", lambda x, v: fold(x).endswith(fold(v))
        ),
    }

    def read(self, value: object) -> str | None:
        return value if isinstance(value, str) else None

    def say_found(self, found: str, zone: str) -> str:
        return text_words(found)

    def read_sql(self, json: str) -> str:
        return f"CASE jsonb_typeof({json}) WHEN 'string' THEN {json} #>> '{{}}' END"
