"""`{"rank": {"measure": MEASURE, "top": N | "top_percent": P, "order": "desc", "within": RULE}}`: who leads.

Among people of equal measure the one with the lower profile number leads, so that the same facts always give the same
people. Who has no measure is not ranked: somebody without any order does not lead in "fewest orders". A share of those
ranked is rounded up: the top 5 % of ten people are one. `within` names whom to rank, else it is everybody.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import Annotated, Literal

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from numpy.typing import NDArray
from pydantic import Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from audiences.bitmaps import Members
from audiences.definitions.base import DEFINITIONS, Definition, Scope
from audiences.measures import Measure, Readers, check_measure, describe
from audiences.models import Workspace
from audiences.rules import Catalogue, Rule, check_rule, load_catalogue, parse_rule
from audiences.rules.ast import InAudience, leaves_of
from audiences.rules.describe import describe as describe_rule
from audiences.rules.places import Place, join
from audiences.rules.speech import Speech
from audiences.rules.window_ast import Part
from audiences.select import members_of
from audiences.stretches import stretches
from itinera.kit.errors import Problem, Refusal
from itinera.kit.validation import problems_of
from itinera.kit.wire import Ids, django_cursor


class Rank(Part):
    """Exactly one of `top` and `top_percent`; `desc` begins with the highest."""

    measure: Measure
    top: Annotated[int, Field(ge=1, le=10_000_000, strict=True)] | None = None
    top_percent: Annotated[Decimal, Field(gt=0, le=100)] | None = None
    order: Literal["desc", "asc"] = "desc"
    within: Rule | None = None

    @model_validator(mode="after")
    def _has_an_end(self) -> Rank:
        if (self.top is None) == (self.top_percent is None):
            raise PydanticCustomError("missing_key", gettext_noop("A rank needs either top or top_percent."))
        return self

    def count(self, ranked: int) -> int:
        """How many of so many belong to it."""
        if self.top_percent is None:
            return min(self.top or 0, ranked)
        return ceil(Fraction(self.top_percent) * ranked / 100)


class RankDefinition(Definition[Rank]):
    key = "rank"

    def read(self, value: object, path: str) -> Rank:
        if isinstance(value, dict) and value.get("within") is not None:
            parse_rule(value["within"], join(path, "within"))  # bounds its size, which the model does not
        try:
            return Rank.model_validate(value)
        except ValidationError as error:
            raise Refusal(problems_of(error, path)) from error

    def check(self, config: Rank, catalogue: Catalogue, place: Place, path: str) -> Iterator[Problem]:
        yield from check_measure(config.measure, catalogue, join(path, "measure"))
        if config.within is not None:
            yield from check_rule(config.within, catalogue, join(path, "within"), place)

    def asks(self, config: Rank) -> frozenset[str]:
        leaves = leaves_of(config.within) if config.within is not None else ()
        return frozenset(leaf.audience for leaf in leaves if isinstance(leaf, InAudience))

    def members(self, config: Rank, scope: Scope) -> Members:
        # Whoever is asked about: the rank is one among all.
        among = members_of(config.within, replace(scope, within=None)) if config.within is not None else None
        readers = Readers([config.measure], scope.catalogue, none_is_zero=False)
        numbers, values = [np.empty(0, dtype=np.int64)], [np.empty(0)]
        for stretch in stretches(scope.cursor):
            ids, (found,) = readers.read(scope, stretch)
            ranked = ~np.isnan(found)
            if among is not None:
                ranked &= among.has(ids)
            numbers.append(ids[ranked])
            values.append(found[ranked])
        members = Members.of(leaders(config, np.concatenate(numbers), np.concatenate(values)))
        return members if scope.within is None else members & scope.within

    def explain(self, config: Rank) -> str:
        zone = Workspace.objects.values_list("zone", flat=True).get()
        speech = Speech(load_catalogue(django_cursor()), zone)
        values = {"measure": describe(config.measure, speech), "count": config.top, "percent": config.top_percent}
        if config.top is not None:
            words = _("the first %(count)d by %(measure)s, the highest first")
            if config.order == "asc":
                words = _("the first %(count)d by %(measure)s, the lowest first")
        else:
            words = _("the first %(percent)s%% by %(measure)s, the highest first")
            if config.order == "asc":
                words = _("the first %(percent)s%% by %(measure)s, the lowest first")
        if config.within is None:
            return words % values
        rule = describe_rule(config.within, speech.catalogue, zone)
        return _("%(rank)s; among: %(rule)s") % {"rank": words % values, "rule": rule}


def leaders(config: Rank, ids: Ids, values: NDArray[np.float64]) -> Ids:
    """Those who belong to it, out of the ranked ones: by value, then by number."""
    order = np.lexsort((ids, -values if config.order == "desc" else values))
    found: Ids = ids[order[: config.count(len(ids))]]
    return found


DEFINITIONS.register(RankDefinition.key, RankDefinition())
