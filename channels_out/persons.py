"""What policy and the door know about people: two queries for the lot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from channels_out.models.channel import ADDRESS_KIND
from itinera.kit.sqlfile import queries
from itinera.kit.wire import Cursor, Ids, Instants, fetch_columns
from itinera.kit.zones import ZoneArray

_SQL = queries(__file__, "policy.sql")

GIVEN, WITHDRAWN, UNKNOWN = 1, 0, -1
"""What a person has said about messages of one channel and category."""


@dataclass(frozen=True)
class Known:
    """One entry per row asked about. Somebody who is gone has no unit and has said nothing."""

    suppressed: NDArray[np.bool_]
    consent: NDArray[np.int16]
    zones: ZoneArray
    units: list[str | None]
    present: NDArray[np.bool_]


def load_people(
    cursor: Cursor, profiles: Ids, channel: str, category: str, zone: str, *, with_units: bool = False
) -> Known:
    """Suppression, consent, zone and (if asked for) unit. `zone` stands for people without their own."""
    distinct, rows = np.unique(profiles, return_inverse=True)
    asked = {"profile": distinct, "channel": channel, "category": category, "with_unit": with_units}
    found = fetch_columns(cursor, _SQL["people"], asked)
    place = np.searchsorted(distinct, found["id"])
    suppressed = np.zeros(len(distinct), dtype=bool)
    consent = np.full(len(distinct), UNKNOWN, dtype=np.int16)
    zones, units = np.full(len(distinct), None, dtype=object), np.full(len(distinct), None, dtype=object)
    present = np.zeros(len(distinct), dtype=bool)
    suppressed[place], consent[place], present[place] = found["suppressed"], found["consent"], True
    zones[place], units[place] = found["zone"], found["unit"]
    where = ZoneArray.of(zones.tolist(), zone).take(rows)
    return Known(suppressed[rows], consent[rows], where, units[rows].tolist(), present[rows])


def load_addresses(cursor: Cursor, profiles: Ids, channel: str) -> list[str | None]:
    """Each person's address on the channel: of several, the one she was given last."""
    distinct, rows = np.unique(profiles, return_inverse=True)
    asked = {"profile": distinct, "kind": ADDRESS_KIND[channel]}
    found = fetch_columns(cursor, _SQL["addresses"], asked)
    addresses = np.full(len(distinct), None, dtype=object)
    for row in _latest_last(found["id"], found["since"], found["value"]):
        ids, values = found["id"][row], np.array(found["value"], dtype=object)[row]
        addresses[np.searchsorted(distinct, ids)] = values
    return addresses[rows].tolist()  # type: ignore[no-any-return]


def _latest_last(ids: Ids, since: Instants, values: Sequence[str]) -> list[NDArray[np.intp]]:
    """An order in which a later address overwrites an earlier one; of one instant, the smallest value wins."""
    if not len(ids):
        return []
    if len(np.unique(ids)) == len(ids):
        return [np.arange(len(ids))]
    order = sorted(range(len(ids)), key=lambda row: values[row], reverse=True)
    order.sort(key=lambda row: int(since[row]))
    return [np.array(order)]
