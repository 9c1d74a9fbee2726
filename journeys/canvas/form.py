"""Faults of form, told for the author of a canvas: at which node, and whether a later version will run it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from itinera.kit.errors import Problem
from itinera.kit.validation import findings, place, problem_of

LATER_TYPES = frozenset(
    {
        "trigger.absence", "trigger.anniversary", "trigger.audience", "trigger.threshold", "trigger.api",
        "trigger.journey", "split.experiment", "message.best", "guide_task", "coupon", "webhook", "journey",
    }
)  # fmt: skip
"""Types of steps that the format knows and this version does not run."""


def form_problems(error: ValidationError, document: Mapping[str, Any]) -> list[Problem]:
    """What the models found, with the ids of the nodes."""
    return [_problem(each, document) for each in findings(error)]


def _problem(found: ErrorDetails, document: Mapping[str, Any]) -> Problem:
    node, loc = None, found["loc"]
    if len(loc) >= 2 and loc[0] == "nodes" and isinstance(loc[1], int):
        node = document["nodes"][loc[1]]
    id_ = node.get("id") if isinstance(node, dict) and isinstance(node.get("id"), str) else None
    if found["type"] == "unknown_type":
        return _unknown_type(node, place(loc), id_)
    return problem_of(found, node=id_)


def _unknown_type(node: object, path: str, id_: str | None) -> Problem:
    if not isinstance(node, dict):
        return Problem("wrong_value", _("This must be an object."), path)
    type_ = node.get("type")
    if not isinstance(type_, str):
        return Problem("missing_key", _("This step has no type."), f"{path}.type", id_)
    if type_ in LATER_TYPES:
        return Problem(
            "not_supported", _("Steps of the type “%(type)s” are not run in this version.") % {"type": type_},
            f"{path}.type", id_,
        )  # fmt: skip
    return Problem("unknown_type", _("There is no type of step “%(type)s”.") % {"type": type_}, f"{path}.type", id_)
