"""How many people an unsaved definition would hold, within a second: exactly, or by a sample with its error."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import psycopg
from django.utils.translation import gettext as _

from audiences import sampling
from audiences.bitmaps import Members
from audiences.definitions.base import Scope
from audiences.definitions.check import Checked
from audiences.models import Audience
from audiences.refreshing import cannot_compute, scope_at
from audiences.rules.ast import Rule
from audiences.select import Selection
from itinera.kit.errors import Refusal
from itinera.kit.pace import NO_HURRY, Pace, Unfinished
from itinera.kit.sqlfile import queries
from itinera.kit.wire import Cursor, Ids, fetch_columns

SECONDS = 0.9
"""An estimate takes so long at most."""
KEPT_FOR = timedelta(minutes=5)
"""So old may the result of a leaf be that was dear to find; the answer says as of when it is."""
BLOCKS = (1_024, 256, 64)
"""So many blocks of people are a sample; fewer where that would take too long."""
_FEW = 50_000
"""So few people are all asked at once."""

_SQL = queries(__file__, "estimate.sql")


@dataclass(frozen=True)
class Estimate:
    """So many people; between `low` and `high` with 95 % confidence, both equal to `size` where it is `exact`.

    `at` is as of when, by the oldest part of the answer. `found` are some of them, all where it is exact.
    """

    size: int
    low: int
    high: int
    exact: bool
    at: datetime
    found: Members


def estimate(cursor: Cursor, checked: Checked, people: str, now: datetime, seconds: float = SECONDS) -> Estimate:
    """Of a definition that was checked. Refusal if it can only be had by a refresh."""
    scope = replace(scope_at(cursor, now, people), kept_for=KEPT_FOR, pace=Pace.within(seconds))
    try:
        return _of_rule(checked.config, checked.asks, scope) if checked.kind.key == "rule" else _exact(checked, scope)
    except psycopg.DataError as error:
        raise cannot_compute(error) from error


def _exact(checked: Checked, scope: Scope) -> Estimate:
    try:
        members = checked.kind.members(checked.config, scope)
    except Unfinished:
        words = _("This takes longer than an estimate may. Save it, and it is found by a refresh.")
        raise Refusal.because("takes_longer", words, status=409) from None
    return Estimate(len(members), len(members), len(members), True, scope.at, members)


def _of_rule(rule: Rule, asks: frozenset[str], scope: Scope) -> Estimate:
    """A sample first, if it is worth it; then what time is left for the exact answer, whose pieces are kept."""
    selection = Selection(rule, scope)
    highest = selection.leaves.highest
    sampled = None
    if not selection.leaves.at_hand and highest > _FEW:
        sampled = _sampled(rule, scope, highest)
    try:
        members = selection.members()
    except Unfinished:
        return sampled or _sampled(rule, scope, highest)
    at = min([selection.leaves.as_of, *_refreshed(asks)])
    return Estimate(len(members), len(members), len(members), True, at, members)


def _refreshed(asks: frozenset[str]) -> list[datetime]:
    rows = Audience.objects.filter(slug__in=asks, refreshed_at__isnull=False)
    return [at for at in rows.values_list("refreshed_at", flat=True) if at is not None]


def _sampled(rule: Rule, scope: Scope, highest: int) -> Estimate:
    """The largest sample that can be asked in half of the time that is left; the smallest one in any case."""
    for most in BLOCKS:
        pace = NO_HURRY if most == BLOCKS[-1] else Pace.within(max(scope.pace.left / 2, 0.05))
        starts = sampling.spread(highest, most)
        asked = _people_of(scope, starts)
        try:
            found = Selection(rule, replace(scope, within=asked, pace=pace)).members()
        except Unfinished:
            continue
        size, low, high = sampling.projected(asked.ids(), found.ids(), starts, highest)
        return Estimate(size, low, high, False, scope.at, found)
    raise AssertionError("the smallest sample is asked without haste")


def _people_of(scope: Scope, starts: Ids) -> Members:
    params = {"starts": starts, "size": sampling.BLOCK, "kind": scope.kind}
    return Members.of(fetch_columns(scope.cursor, _SQL["sample"], params)["ids"])
