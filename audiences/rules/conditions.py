"""Operators and values against types: what is wrong with a condition, before it is saved."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from audiences.rules.catalogue import Known
from audiences.rules.fields import Reference
from audiences.rules.kinds import Shape, implied_kind
from audiences.rules.places import join
from itinera.kit.errors import Problem


def check_condition(op: str, value: object, known: Known | None, path: str) -> Iterator[Problem]:
    """Whether an operator and its value suit the type of what they are asked of."""
    implied = implied_kind(op, value)
    if known is not None and known.declared:
        yield from _check_declared(op, value, known, path)
    elif implied is None:
        words = _("The operator %(op)s does not go with this value.")
        yield Problem("wrong_value", words % {"op": op}, join(path, "value"))
    elif known is not None and not (known.kind.has(op) and _suits(op, value, known)):
        words = _("Values of this name were so far of type %(type)s; those will count as missing.")
        yield Problem("type_differs", words % {"type": known.type}, path or None, severity="warning")


def _check_declared(op: str, value: object, known: Known, path: str) -> Iterator[Problem]:
    if not known.kind.has(op):
        words = _("The type %(type)s has no operator %(op)s.")
        yield Problem("unknown_operator", words % {"type": known.type, "op": op}, join(path, "op"))
    elif not _suits(op, value, known):
        words = _("The operator %(op)s of type %(type)s %(needs)s.")
        needs = _(known.kind.shape(op).value)
        yield Problem("wrong_type", words % {"op": op, "type": known.type, "needs": needs}, join(path, "value"))


def _suits(op: str, value: object, known: Known) -> bool:
    if isinstance(value, Reference):
        return known.kind.shape(op) not in {Shape.DURATION, Shape.NOTHING}
    return known.kind.problem(op, value) is None
