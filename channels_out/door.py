"""The door: everything that may have changed since policy let a message through, asked again at the last moment.

Policy was asked in the wave; between the wave and the call lie a queue and perhaps a night. So the door asks
again about the person (still there, not suppressed, has not opted out), the hour, the message's age, and
whatever upper packages have registered (a journey paused, a walk ended). Caps are not asked: the place has
been reserved, and what the door stops gives it back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from channels_out.models.channel import Category
from channels_out.models.message import MessageStatus
from channels_out.owed import Owed
from channels_out.persons import UNKNOWN, WITHDRAWN, Known, load_people
from channels_out.quiet import QuietRule, load_quiet, quiet_until
from itinera.kit.registry import Registry
from itinera.kit.wire import NEVER, Cursor, micros, moment


@dataclass(frozen=True, slots=True)
class Stop:
    """Why a message does not leave. With `again_at` it stays queued until then; else it ends as `status`."""

    reason: str
    again_at: datetime | None = None
    status: MessageStatus = MessageStatus.SKIPPED


Check = Callable[[Cursor, Sequence[Owed], datetime], Mapping[int, Stop]]
"""Asked about claimed messages; answers by message id, for those that must not leave now."""

door: Registry[Check] = Registry("door checks")
"""What upper packages want asked; in the order of registration, before the person is looked at."""


def ask(cursor: Cursor, messages: Sequence[Owed], now: datetime) -> dict[int, Stop]:
    """The messages that must not leave now, by id. `cursor` speaks numpy. The first refusal counts."""
    stops: dict[int, Stop] = {}
    for check in door.values():
        _add(stops, check(cursor, messages, now).items())
    rules = load_quiet(cursor)
    kinds: defaultdict[tuple[str, str, str | None], list[Owed]] = defaultdict(list)
    for each in messages:
        if each.id not in stops:
            kinds[each.channel, each.category, each.zone].append(each)
    for (channel, category, zone), group in kinds.items():
        profiles = np.array([each.profile for each in group], dtype=np.int64)
        known = load_people(cursor, profiles, channel, category, zone or workspace_zone(cursor))
        _add(stops, _person(group, known))
        hours = [rule for rule in rules if rule.covers(channel, category)]
        _add(stops, _hour(group, known, hours, now))
    stale = ((each.id, Stop("stale")) for each in messages if each.stale_at is not None and now > each.stale_at)
    _add(stops, stale)
    return stops


def workspace_zone(cursor: Cursor) -> str:
    """The zone of people without their own, where the journey names none."""
    cursor.execute("SELECT zone FROM workspace WHERE id = 1")
    row = cursor.fetchone()
    return row[0] if row else "Asia/Shanghai"


def _add(stops: dict[int, Stop], found: Iterable[tuple[int, Stop]]) -> None:
    for message, stop in found:
        stops.setdefault(message, stop)


def _person(group: Sequence[Owed], known: Known) -> Iterable[tuple[int, Stop]]:
    gone = Stop("no_address", status=MessageStatus.UNREACHABLE)
    suppressed = Stop("suppressed", status=MessageStatus.UNREACHABLE)
    for row, each in enumerate(group):
        if not known.present[row] or not each.address:
            yield each.id, gone
        elif known.suppressed[row]:
            yield each.id, suppressed
        elif not each.transactional and known.consent[row] == WITHDRAWN:
            yield each.id, Stop("opted_out")
        elif not each.transactional and known.consent[row] == UNKNOWN and each.category == Category.MARKETING:
            yield each.id, Stop("no_consent")


def _hour(group: Sequence[Owed], known: Known, rules: Sequence[QuietRule], now: datetime) -> Iterable[tuple[int, Stop]]:
    until = quiet_until(rules, np.full(len(group), micros(now), dtype=np.int64), known.zones)
    for row in np.flatnonzero(until != NEVER):
        each = group[int(row)]
        if not each.transactional:
            again = None if each.drop_in_quiet else moment(until[row])
            yield each.id, Stop("quiet_hours", again)
