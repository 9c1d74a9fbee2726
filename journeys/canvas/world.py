"""What a canvas is checked against: the catalogue, accounts and templates of a workspace, or nothing at all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from audiences.rules.ast import Rule
from audiences.rules.catalogue import Catalogue, KnownTag
from audiences.rules.check import check_rule
from audiences.rules.places import JOURNEY
from itinera.kit.errors import Problem

_NEEDS_CATALOGUE = frozenset({
    "unknown_attribute", "unknown_event", "unknown_property", "unknown_tag", "unknown_audience", "unknown_table",
    "unknown_column", "unknown_identity",
})  # fmt: skip


class World(Protocol):
    """What a check may ask."""

    @property
    def today(self) -> int:
        """Days since 1970-01-01 in the workspace's zone."""

    def check_rule(self, rule: Rule, path: str, people: str) -> Iterable[Problem]:
        """What is wrong with a rule; events with filters are asked as rules too. `path` begins the paths; `people` is
        the kind of people of the journey.
        """

    def tag(self, slug: str) -> KnownTag | None:
        """What is known of a tag; None if there is none yet."""

    def column(self, table: str, name: str) -> bool | None:
        """Whether a look-up table has such a column; None if there is no such table."""

    def has_account(self, slug: str | None, channel: str) -> bool:
        """Whether there is such an account of the channel; None asks for the channel's usual one."""

    def has_template(self, slug: str, channel: str) -> bool:
        """Whether there is such a template of the channel."""


@dataclass(frozen=True, slots=True)
class NullWorld:
    """No workspace: a file is checked for itself. What only a catalogue could tell is not told."""

    today: int

    def check_rule(self, rule: Rule, path: str, people: str) -> Iterable[Problem]:
        found = check_rule(rule, Catalogue(), path, JOURNEY.among(people))
        return [each for each in found if each.code not in _NEEDS_CATALOGUE]

    def tag(self, slug: str) -> KnownTag | None:
        return None

    def column(self, table: str, name: str) -> bool | None:
        return True

    def has_account(self, slug: str | None, channel: str) -> bool:  # the protocol's
        return True

    def has_template(self, slug: str, channel: str) -> bool:  # the protocol's
        return True
