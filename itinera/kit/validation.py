"""Pydantic's findings as problems: a stable code, plain words in the caller's language, the place.

Validators of ours raise `PydanticCustomError(code, msgid)`: their code and their words are taken as they
are. Pydantic's own findings are told by the table below, which is the list of their codes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TypeVar

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from itinera.kit.errors import Problem, Refusal

M = TypeVar("M", bound=BaseModel)

_OWN: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "Field required": ("missing_key", _("This is missing.")),
        "Extra inputs are not permitted": ("unknown_key", _("There is no setting “%(key)s” here.")),
    }
)
_TABLE: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "literal_error": ("wrong_value", _("This must be one of: %(expected)s.")),
        "string_type": ("wrong_value", _("This must be a text.")),
        "bool_type": ("wrong_value", _("This must be true or false.")),
        "int_type": ("wrong_value", _("This must be a whole number.")),
        "int_from_float": ("wrong_value", _("This must be a whole number.")),
        "int_parsing": ("wrong_value", _("This must be a whole number.")),
        "float_type": ("wrong_value", _("This must be a number.")),
        "float_parsing": ("wrong_value", _("This must be a number.")),
        "finite_number": ("wrong_value", _("This must be a number.")),
        "tuple_type": ("wrong_value", _("This must be a list.")),
        "list_type": ("wrong_value", _("This must be a list.")),
        "dict_type": ("wrong_value", _("This must be an object.")),
        "model_type": ("wrong_value", _("This must be an object.")),
        "model_attributes_type": ("wrong_value", _("This must be an object.")),
        "string_pattern_mismatch": ("bad_text", _("This text does not have the form %(pattern)s.")),
        "string_unicode": ("bad_text", _("This text contains characters that do not exist.")),
        "string_too_short": ("empty", _("This must have at least %(min_length)s characters.")),
        "string_too_long": ("too_long", _("This must have at most %(max_length)s characters.")),
        "too_short": ("empty", _("This must have at least %(min_length)s entries.")),
        "too_long": ("too_long", _("This must have at most %(max_length)s entries.")),
        "greater_than": ("wrong_value", _("This must be more than %(gt)s.")),
        "greater_than_equal": ("wrong_value", _("This must be at least %(ge)s.")),
        "less_than": ("wrong_value", _("This must be less than %(lt)s.")),
        "less_than_equal": ("wrong_value", _("This must be at most %(le)s.")),
        "recursion_loop": ("too_large", _("This is nested too deeply.")),
    }
)


def validated(model: type[M], value: object, path: str = "") -> M:
    """The object that a JSON value describes. Refusal with every finding; `path` is where the value stands."""
    try:
        return model.model_validate(value)
    except ValidationError as error:
        raise Refusal(problems_of(error, path)) from error


def problems_of(error: ValidationError, path: str = "", node: str | None = None) -> list[Problem]:
    """Every finding, in the order of the document. `path` is where the validated object stands."""
    return [problem_of(each, path, node) for each in findings(error)]


def findings(error: ValidationError) -> list[ErrorDetails]:
    """What pydantic found, without the lists that are too short only because an entry of theirs is wrong."""
    found = error.errors(include_url=False, include_input=False)
    within = {each["loc"][:depth] for each in found for depth in range(len(each["loc"]))}
    return [each for each in found if each["type"] != "too_short" or each["loc"] not in within]


def problem_of(found: ErrorDetails, path: str = "", node: str | None = None) -> Problem:
    """One finding."""
    own = _OWN.get(found["msg"]) or _TABLE.get(found["type"])
    where = place(found["loc"], path) or None
    if own is None:
        code = "unknown_key" if found["type"] == "extra_forbidden" else found["type"]
        return Problem(code, gettext(found["msg"]), where, node)
    code, words = own
    values = {**found.get("ctx", {}), "key": str(found["loc"][-1]) if found["loc"] else ""}
    return Problem(code, gettext(words) % values, where, node)


def place(loc: Sequence[int | str], path: str = "") -> str:
    """`nodes[3].config.event`; the tags of unions, which stand in angle brackets, are left out."""
    for step in loc:
        if isinstance(step, int):
            path += f"[{step}]"
        elif not (step.startswith("<") and step.endswith(">")):
            path += f".{step}" if path else step
    return path
