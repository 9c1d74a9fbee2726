"""Where templates run: a sandbox in which work and output are bounded by the template's length.

There are no loops, no calls, no assignments and no filter that can make a text grow by itself, so
one rendering costs at most what is written in the template plus the values put in.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from jinja2 import nodes
from jinja2.runtime import Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

ALLOWED_NODES: tuple[type[nodes.Node], ...] = (
    *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.Getattr, nodes.Getitem),
    *(nodes.If, nodes.CondExpr, nodes.Filter, nodes.Test, nodes.Concat, nodes.Compare, nodes.Operand),
    *(nodes.And, nodes.Or, nodes.Not, nodes.Neg, nodes.Pos, nodes.List, nodes.Tuple, nodes.Keyword),
    *(nodes.Add, nodes.Sub, nodes.Mul, nodes.Div, nodes.FloorDiv),
)
"""What a template may be made of; anything else is refused when it is saved."""


class Missing(Undefined):
    """A variable that this person does not have.

    Like a missing value in a rule it is false and fails every comparison, but `!=`. Written out, or
    counted with, it stops the message: it must never reach a customer.
    """

    __slots__ = ()

    # Jinja declares these as never returning; here they answer, as a missing value in a rule does.
    def __bool__(self) -> bool:
        return False

    def __eq__(self, other: object) -> bool:
        return False

    def __ne__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return id(type(self))

    def _fails(self, other: object) -> bool:
        return False

    __lt__ = __le__ = __gt__ = __ge__ = __contains__ = _fails  # type: ignore[assignment]
    __str__ = __iter__ = __len__ = Undefined._fail_with_undefined_error  # noqa: SLF001


class Sandbox(ImmutableSandboxedEnvironment):
    """Arithmetic only with numbers: a text times a million would be a way round every bound."""

    intercepted_binops = frozenset({"+", "-", "*", "/", "//"})

    def call_binop(self, context: object, operator: str, left: object, right: object) -> object:
        for side in (left, right):
            if isinstance(side, Undefined):
                str(side)  # raises: a variable is missing
            if not _is_number(side):
                raise TypeError("arithmetic needs numbers")
        return self.binop_table[operator](left, right)

    def getitem(self, obj: object, argument: object) -> object:
        """An item of a list or an object; never an attribute, as Jinja would try next."""
        if isinstance(obj, (list, Mapping)):
            try:
                return obj[argument]  # type: ignore[call-overload]
            except (LookupError, TypeError):
                pass
        return self.undefined(obj=obj, name=str(argument))


def text_of(value: object) -> object:
    """How a value is written out. Lists are joined; texts and numbers are left to Jinja."""
    if isinstance(value, (list, tuple)):
        return "、".join(str(item) for item in value)
    return value


def sandbox(*, html: bool) -> Sandbox:
    """A new environment; in `html` every value is escaped where it is written out."""
    found = Sandbox(autoescape=html, undefined=Missing, keep_trailing_newline=True, finalize=text_of, cache_size=0)
    found.globals.clear()
    names = ("default", "d", "upper", "lower", "capitalize", "title", "trim", "int", "float", "abs")
    found.filters = {name: found.filters[name] for name in (*names, "length", "count")}
    found.filters |= {"truncate": _truncate, "round": _round, "first": _first, "last": _last}
    tests = ("defined", "undefined", "number", "string", "boolean", "eq", "ne", "lt", "le", "gt", "ge", "in")
    found.tests = {name: found.tests[name] for name in (*tests, "==", "!=", "<", "<=", ">", ">=")}
    return found


def _is_number(value: object) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 1 << 64


def _truncate(value: object, length: int = 20, end: str = "…") -> str:
    """The first characters, and `end` in place of what was cut off."""
    text = str(value)
    return text if len(text) <= length else text[: max(0, length - len(end))] + end


def _round(value: float, places: int = 0) -> float:
    """To so many places; a number without any is written as a whole one."""
    if not -9 <= places <= 9:
        raise ValueError("round to nine places at most")
    rounded = round(float(value), places)
    return int(rounded) if places <= 0 else rounded


def _first(value: Sequence[object]) -> object:
    return value[0] if value else Missing(name="first")


def _last(value: Sequence[object]) -> object:
    return value[-1] if value else Missing(name="last")
