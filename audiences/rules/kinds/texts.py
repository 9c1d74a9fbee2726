"""Lists of text: asked for members. Members that are no text match nothing."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from audiences.rules.kinds.base import Bind, Here, Json, Kind, Row, Shape
from audiences.rules.kinds.text import Text
from audiences.rules.words import list_words, text_words

_TEXT = Text()


class Texts(Kind[tuple[object, ...]]):
    shapes = {
        "is_set": Shape.NOTHING,
        "has": Shape.ONE,
        "has_any": Shape.MANY,
        "has_all": Shape.MANY,
        "is_empty": Shape.NOTHING,
    }
    phrases = {
        "has": _("has %(value)s"),
        "has_any": _("has any of %(value)s"),
        "has_all": _("has all of %(value)s"),
        "has_none": _("has none of %(value)s"),
        "is_empty": _("is empty"),
    }

    def problem(self, op: str, value: object) -> str | None:
        """The values compared with are texts, not lists of lists."""
        shape = self.shape(op)
        if shape is Shape.NOTHING:
            return None if value is None else shape.value
        members = value if shape is Shape.MANY else (value,)
        fits = isinstance(members, tuple) and all(isinstance(each, str) for each in members)
        return None if fits else shape.value

    def read(self, value: object) -> tuple[object, ...] | None:
        return tuple(value) if isinstance(value, list | tuple) else None

    def compare(self, op: str, found: tuple[object, ...], operand: object, here: Here) -> bool:
        members = {each for each in found if isinstance(each, str)}
        if op == "is_empty":
            return not found
        if op == "has":
            return isinstance(operand, str) and operand in members
        if not isinstance(operand, list | tuple):
            return False
        asked = {each for each in operand if isinstance(each, str)}
        return bool(members & asked) if op == "has_any" else asked <= members

    def say(self, value: object, zone: str) -> str:
        """What is compared with are members, and what is found is a list of them."""
        return text_words(value) if isinstance(value, str) else super().say(value, zone)

    def say_found(self, found: tuple[object, ...], zone: str) -> str:
        return list_words(text_words(str(each)) for each in found)

    def read_sql(self, json: str) -> str:
        return f"CASE jsonb_typeof({json}) WHEN 'array' THEN {json} END"

    def compare_sql(self, op: str, x: str, operand: object, row: Row, bind: Bind) -> str:
        if op == "is_empty":
            return f"({x}) = '[]'::jsonb"
        if op == "has":
            one = _TEXT.read_sql(operand.sql) if isinstance(operand, Json) else bind(operand, "text")
            return f"({x}) ? ({one})"
        sign = {"has_any": "?|", "has_all": "?&"}[op]
        return f"({x}) {sign} ({_TEXT.many_sql(operand, bind)})"
