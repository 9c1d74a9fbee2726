"""Reads a rule: from JSON to the models of `ast`, with every problem named."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from pydantic import TypeAdapter, ValidationError

from audiences.rules.ast import Rule
from itinera.kit.errors import Refusal
from itinera.kit.validation import problems_of

DEPTH, SIZE = 40, 2_000
"""How deep groups may be nested, and how many objects and lists a rule may hold."""

_RULE: TypeAdapter[Any] = TypeAdapter(Rule)


def parse_rule(value: object, path: str = "") -> Rule:
    """The rule of a JSON value. Refusal with all problems; paths in them begin with `path`."""
    _bounded(value, path)
    try:
        rule: Rule = _RULE.validate_python(value)
    except ValidationError as error:
        raise Refusal(problems_of(error, path)) from error
    return rule


def dump_rule(rule: Rule) -> Any:
    """The JSON value that the rule was read from."""
    return _RULE.dump_python(rule, mode="json", by_alias=True, exclude_unset=True)


def rule_schema() -> dict[str, Any]:
    """The JSON schema of the language."""
    return _RULE.json_schema()


def _bounded(value: object, path: str) -> None:
    """Looks before it leaps: pydantic and the database would fail in worse words."""
    level, seen = [value], 0
    for _depth in range(DEPTH * 2):
        level = [
            inner for each in level if isinstance(each, dict | list | tuple)
            for inner in (each.values() if isinstance(each, dict) else each)
        ]  # fmt: skip
        seen += sum(isinstance(each, dict | list | tuple) for each in level)
        if not level:
            return
        if seen > SIZE:
            break
    words = _("This rule is too large: at most %(size)d parts, nested at most %(depth)d deep.")
    raise Refusal.because("too_large", words % {"size": SIZE, "depth": DEPTH}, path=path or None)
