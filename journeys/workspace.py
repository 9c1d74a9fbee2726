"""The workspace as canvases are checked against it, and the loader of its `journeys`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from audiences.models import Workspace
from audiences.rules import Catalogue, check_rule, load_catalogue
from audiences.rules.ast import Rule
from audiences.rules.catalogue import KnownTag
from audiences.rules.places import JOURNEY
from channels_out.models import Account, Template
from itinera.kit.errors import Problem
from itinera.kit.wire import django_cursor


@dataclass(frozen=True)
class DatabaseWorld:
    """What this workspace knows. Satisfies `journeys.canvas.world.World`."""

    today: int
    catalogue: Catalogue
    accounts: frozenset[tuple[str, str | None]] = field(default_factory=frozenset)
    templates: frozenset[tuple[str, str]] = field(default_factory=frozenset)

    def check_rule(self, rule: Rule, path: str, people: str) -> Iterable[Problem]:
        return check_rule(rule, self.catalogue, path, JOURNEY.among(people))

    def tag(self, slug: str) -> KnownTag | None:
        return self.catalogue.tags.get(slug)

    def column(self, table: str, name: str) -> bool | None:
        found = self.catalogue.tables.get(table)
        return None if found is None else name in found.columns

    def has_account(self, slug: str | None, channel: str) -> bool:
        return (channel, slug) in self.accounts

    def has_template(self, slug: str, channel: str) -> bool:
        return (channel, slug) in self.templates


def database_world(now: datetime) -> DatabaseWorld:
    """Read it at `now`, which decides today's date in the workspace's zone."""
    zone = ZoneInfo(Workspace.objects.values_list("zone", flat=True).get())
    accounts: set[tuple[str, str | None]] = set()
    for channel, slug, is_default in Account.objects.values_list("channel", "slug", "is_default"):
        accounts.add((channel, slug))
        if is_default:
            accounts.add((channel, None))
    catalogue = load_catalogue(django_cursor())
    templates = frozenset(Template.objects.values_list("channel", "slug"))
    today = (now.astimezone(zone).date() - date(1970, 1, 1)).days
    return DatabaseWorld(today, catalogue, frozenset(accounts), templates)
