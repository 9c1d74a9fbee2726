"""`{"rule": RULE}`: everybody for whom a rule holds."""

from __future__ import annotations

from collections.abc import Iterator

from audiences.bitmaps import Members
from audiences.definitions.base import DEFINITIONS, Definition, Scope
from audiences.models import Workspace
from audiences.rules import Catalogue, check_rule, describe, load_catalogue, parse_rule
from audiences.rules.ast import InAudience, Rule, leaves_of
from audiences.rules.places import Place
from audiences.select import members_of
from itinera.kit.errors import Problem
from itinera.kit.wire import django_cursor


class RuleDefinition(Definition[Rule]):
    key = "rule"

    def read(self, value: object, path: str) -> Rule:
        return parse_rule(value, path)

    def check(self, config: Rule, catalogue: Catalogue, place: Place, path: str) -> Iterator[Problem]:
        yield from check_rule(config, catalogue, path, place)

    def asks(self, config: Rule) -> frozenset[str]:
        return frozenset(leaf.audience for leaf in leaves_of(config) if isinstance(leaf, InAudience))

    def members(self, config: Rule, scope: Scope) -> Members:
        return members_of(config, scope)

    def explain(self, config: Rule) -> str:
        zone = Workspace.objects.values_list("zone", flat=True).get()
        return describe(config, load_catalogue(django_cursor()), zone)


DEFINITIONS.register(RuleDefinition.key, RuleDefinition())
