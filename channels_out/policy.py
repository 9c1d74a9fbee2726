"""May this message leave now? The one answer, for whole sets of people.

Asked in this order; the first refusal is the reason: `holdout`, `no_address`, `suppressed`,
`opted_out`, `no_consent`, `quiet_hours`, `capped`, `budget`, `stale`. Transactional messages pass
consent, quiet hours and caps (and use none up), but neither holdout nor suppression.

Runs inside the wave's transaction, by the holder of the shards: what it lets through it reserves
under every matching cap in the same transaction, so two waves can never both take the last place.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from channels_out.caps import CapRule, Persons, reserve, room_from, settle
from channels_out.holdout import in_holdout
from channels_out.models.channel import Category
from channels_out.persons import UNKNOWN, WITHDRAWN, Known, load_addresses, load_people
from channels_out.quiet import quiet_until
from channels_out.verdicts import REASONS, Ballot, Intents, Mask, SendSpec, Verdict, Verdicts
from itinera.kit.sqlfile import queries
from itinera.kit.wire import NEVER, Cursor, Ids, Instants
from itinera.kit.zones import ZoneArray

__all__ = ["REASONS", "Intents", "SendSpec", "Verdict", "Verdicts", "judge", "would_send"]

_SQL = queries(__file__, "policy.sql")


def would_send(cursor: Cursor, spec: SendSpec, intents: Intents, *, settled: bool) -> Verdicts:
    """What policy would say to these, each by herself; nothing is reserved.

    `settled`: what is owed to caps is left as it is. Only the holder of the shards may have it settled first.
    """
    ballot = Ballot(spec, intents)
    if len(intents.profile):
        known = _ask_all_but_caps(cursor, ballot)
        if not spec.transactional and (caps := _caps(spec)):
            if not settled:
                settle(cursor, np.unique(intents.shard))
            rows = np.flatnonzero(ballot.open)
            room = room_from(cursor, caps, Persons(intents.shard[rows], intents.profile[rows], known.zones.take(rows)))
            full = room > intents.asked[rows]
            _refuse_by_cap(ballot, rows[full], room[full])
        _ask_age(ballot)
    return ballot.verdicts()


def judge(cursor: Cursor, spec: SendSpec, intents: Intents) -> Verdicts:
    """Ask policy about all intents of one node. `cursor` speaks numpy (`kit.wire`).

    Reserves a place under every matching cap for each message that it lets through. The same
    person may ask more than once: she is answered in the order of the rows.
    """
    ballot = Ballot(spec, intents)
    if not len(intents.profile):
        return ballot.verdicts()
    known = _ask_all_but_caps(cursor, ballot)
    if not spec.transactional:
        _ask_caps(cursor, ballot, known.zones)
    _ask_age(ballot)
    ballot.settle(~_ready(intents), Verdict.SKIPPED, "missing_variable")
    return ballot.verdicts()


def _ask_all_but_caps(cursor: Cursor, ballot: Ballot) -> Known:
    spec, intents = ballot.spec, ballot.intents
    salt, percent = _holdout(cursor) if spec.holdout else ("", 0)
    known = load_people(cursor, intents.profile, spec.channel, spec.category, spec.zone, with_units=percent > 0)
    ballot.address = load_addresses(cursor, intents.profile, spec.channel)
    ballot.settle(in_holdout(salt, percent, known.units), Verdict.SKIPPED, "holdout")
    _ask_person(ballot, known)
    if not spec.transactional:
        _ask_quiet_hours(ballot, known.zones)
    return known


def _holdout(cursor: Cursor) -> tuple[str, int]:
    cursor.execute(_SQL["holdout"])
    salt, percent = cursor.fetchone() or ("", 0)
    return salt, percent


def _ask_person(ballot: Ballot, known: Known) -> None:
    """Address, suppression, consent."""
    missing = np.fromiter((not each for each in ballot.address), bool, len(ballot.address))
    ballot.settle(missing, Verdict.UNREACHABLE, "no_address")
    ballot.settle(known.suppressed, Verdict.UNREACHABLE, "suppressed")
    if ballot.spec.transactional:
        return
    ballot.settle(known.consent == WITHDRAWN, Verdict.SKIPPED, "opted_out")
    if ballot.spec.category == Category.MARKETING:
        ballot.settle(known.consent == UNKNOWN, Verdict.SKIPPED, "no_consent")


def _ask_quiet_hours(ballot: Ballot, zones: ZoneArray) -> None:
    spec = ballot.spec
    rules = [rule for rule in spec.quiet if rule.covers(spec.channel, spec.category)]
    until = quiet_until(rules, ballot.intents.asked, zones)
    if spec.on_quiet == "drop":
        ballot.settle(until != NEVER, Verdict.SKIPPED, "quiet_hours")
    else:
        ballot.hold(until != NEVER, until, "quiet_hours")


def _ask_caps(cursor: Cursor, ballot: Ballot, zones: ZoneArray) -> None:
    """One turn for everybody's first message, one for the second of those who ask twice, and so on."""
    spec, intents = ballot.spec, ballot.intents
    caps = _caps(spec)
    if not caps:
        return
    settle(cursor, np.unique(intents.shard))
    asking = np.flatnonzero(ballot.open)
    for rows in _turns(intents.profile, asking):
        persons = Persons(intents.shard[rows], intents.profile[rows], zones.take(rows))
        room = room_from(cursor, caps, persons)
        free = room <= intents.asked[rows]
        _refuse_by_cap(ballot, rows[~free], room[~free])
        fresh = ~_stale(ballot)[rows] & free & _ready(intents)[rows]
        reserve(cursor, caps, persons.take(fresh), intents.asked[rows[fresh]])


def _caps(spec: SendSpec) -> list[CapRule]:
    return [cap for cap in spec.caps if cap.covers(spec.channel, spec.category, spec.journey)]


def _refuse_by_cap(ballot: Ballot, rows: NDArray[np.intp], room: Instants) -> None:
    """Hold until there is room, but no longer than `hold_for` after the first refusal; or capped."""
    refused = np.zeros(len(ballot.status), dtype=bool)
    refused[rows] = True
    if ballot.spec.on_capped == "hold":
        asked, first = ballot.intents.asked, ballot.first_refused
        ballot.first_refused = np.where(refused & (first == NEVER), asked, first)
        until = np.full(len(refused), NEVER, dtype=np.int64)
        until[rows] = room
        if ballot.spec.hold_for is not None:
            until = np.minimum(until, ballot.first_refused + ballot.spec.hold_for)
        ballot.hold(refused & (until > asked), until, "capped")
    ballot.settle(refused, Verdict.CAPPED, "capped")


def _stale(ballot: Ballot) -> Mask:
    """Ready for longer than `stale_after` before policy could be asked: workers were down."""
    if ballot.spec.stale_after is None:
        return np.zeros(len(ballot.status), dtype=bool)
    return ballot.intents.asked - ballot.intents.at > ballot.spec.stale_after


def _ready(intents: Intents) -> Mask:
    """Whose text could be written. Who has none is refused last, and takes no place under a cap."""
    return np.ones(len(intents.profile), dtype=bool) if intents.ready is None else intents.ready


def _ask_age(ballot: Ballot) -> None:
    ballot.settle(_stale(ballot), Verdict.SKIPPED, "stale")


def _turns(profiles: Ids, rows: NDArray[np.intp]) -> Iterator[NDArray[np.intp]]:
    """Split the rows so that nobody is twice in one turn; earlier rows take earlier turns."""
    while len(rows):
        _, first = np.unique(profiles[rows], return_index=True)
        chosen = np.sort(first)
        yield rows[chosen]
        rows = np.delete(rows, chosen)
