"""What a wave knows about the workspace: its versions that walk, its rules, caps, quiet hours and texts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

import numpy as np
import orjson
from numpy.typing import NDArray

from audiences.rules import Catalogue, CompiledRule, compile_rule, load_catalogue
from audiences.rules.ast import Rule
from channels_out.caps import CapRule, load_caps
from channels_out.policy import SendSpec
from channels_out.quiet import QuietRule, load_quiet
from channels_out.render import CompiledContent, compile_content
from itinera.kit import sqlfile
from itinera.kit.wire import Cursor
from journeys.canvas.plan import Plan
from journeys.engine.plans import PLANS, Plans
from journeys.models import VersionStatus
from journeys.nodes.needs import MessageNeed

SQL = sqlfile.queries(__file__, "world.sql")


@dataclass(frozen=True)
class LiveVersion:
    """A version that people are inside of or may enter, ready to be walked."""

    id: int
    journey: int
    slug: str
    status: str
    priority: int
    zone: str
    plan: Plan

    @property
    def admits(self) -> bool:
        """Whether people may enter it now; a draining version only lets those inside finish."""
        return self.status == VersionStatus.LIVE

    @property
    def paused(self) -> bool:
        return self.status == VersionStatus.PAUSED

    @property
    def people(self) -> str:
        """The kind of people who may enter."""
        return self.plan.settings.people


@dataclass
class World:
    """Read once per wave. `versions` are in walking order: higher priority first, then the older journey."""

    versions: tuple[LiveVersion, ...]
    catalogue: Catalogue
    caps: tuple[CapRule, ...]
    quiet: tuple[QuietRule, ...]
    accounts: Mapping[tuple[str, str | None], int]
    templates: Mapping[str, str]
    zone: str
    holdout_salt: str
    holdout_percent: int
    holdout_kinds: frozenset[str]
    deaf: frozenset[int] = frozenset()
    """Paused versions whose exits and goals raise: what they hear is held, and asked after the resume."""

    _rules: dict[int, tuple[Rule, CompiledRule]] = field(default_factory=dict)
    _heard: dict[int, NDArray[np.int64]] = field(default_factory=dict)
    _specs: dict[tuple[int, str], SendSpec] = field(default_factory=dict)

    def type_id(self, event: str) -> int:
        """The catalogue's number of an event; 0 for one that nobody has seen."""
        found = self.catalogue.events.get(event)
        return 0 if found is None else found.id

    def heard(self, version: LiveVersion) -> NDArray[np.int64]:
        """The numbers of the events that the version listens to, ascending."""
        found = self._heard.get(version.id)
        if found is None:
            ids = {self.type_id(name) for name in version.plan.event_names} - {0}
            found = self._heard[version.id] = np.array(sorted(ids), dtype=np.int64)
        return found

    @cached_property
    def sets(self) -> bool:
        """Whether any journey changes attributes or tags as people walk."""
        return any(node.type == "set" for version in self.versions for node in version.plan.nodes)

    def compiled(self, rule: Rule) -> CompiledRule:
        """Compiled against this wave's catalogue, once."""
        found = self._rules.get(id(rule))
        if found is None:
            # The rule is kept beside it: an id stays taken only while its object lives.
            found = self._rules[id(rule)] = (rule, compile_rule(rule, self.catalogue))
        return found[1]

    def account(self, channel: str, slug: str | None) -> int | None:
        """The named account, or the default of the channel; None when there is neither."""
        return self.accounts.get((channel, slug))

    def content(self, need: MessageNeed) -> CompiledContent:
        """What the message says, compiled: its own content or its template's of now."""
        text = self.templates[need.template] if need.template else orjson.dumps(need.content).decode()
        return _content(need.channel, text)

    def send_spec(self, version: LiveVersion, node: str, need: MessageNeed) -> SendSpec:
        """What policy is asked about one message node."""
        found = self._specs.get((version.id, node))
        if found is None:
            found = self._specs[version.id, node] = SendSpec(
                channel=need.channel,
                category=need.category or version.plan.settings.category,
                journey=version.slug,
                zone=version.zone,
                transactional=need.transactional,
                holdout=version.people in self.holdout_kinds,
                on_quiet=need.on_quiet,
                on_capped=need.on_capped,
                hold_for=None if need.hold_for is None else need.hold_for.micros,
                stale_after=need.stale_after.micros,
                caps=tuple(cap for cap in self.caps if cap.people == version.people),
                quiet=self.quiet,
            )
        return found

    @property
    def paused(self) -> list[int]:
        return [v.id for v in self.versions if v.paused]


@lru_cache(maxsize=1024)
def _content(channel: str, text: str) -> CompiledContent:
    """Compiled once per process; keyed by the text itself, so an edited template is a new one."""
    return compile_content(channel, orjson.loads(text))


def load(cursor: Cursor, plans: Plans = PLANS) -> World:
    """The workspace as this transaction sees it."""
    cursor.execute(SQL["workspace"])
    zone, salt, percent, kinds = cursor.fetchone()
    return World(
        _versions(cursor, plans, zone), load_catalogue(cursor), load_caps(cursor), load_quiet(cursor),
        _accounts(cursor), _templates(cursor), zone, salt, percent, frozenset(kinds),
    )  # fmt: skip


def _versions(cursor: Cursor, plans: Plans, zone: str) -> tuple[LiveVersion, ...]:
    cursor.execute(SQL["versions"])
    rows = cursor.fetchall()
    found = plans.of(cursor, [row[0] for row in rows])
    return tuple(
        LiveVersion(number, journey, slug, status, priority, found[number].settings.zone or zone, found[number])
        for number, journey, slug, status, priority in rows
    )


def _accounts(cursor: Cursor) -> dict[tuple[str, str | None], int]:
    cursor.execute(SQL["accounts"])
    found: dict[tuple[str, str | None], int] = {}
    for slug, channel, number, is_default in cursor.fetchall():
        found[channel, slug] = number
        if is_default:
            found[channel, None] = number
    return found


def _templates(cursor: Cursor) -> dict[str, str]:
    cursor.execute(SQL["templates"])
    return {slug: content for slug, _, content in cursor.fetchall()}
