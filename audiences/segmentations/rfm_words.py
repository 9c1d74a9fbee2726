"""The scores of one person in plain words: what was found, its band, and the bounds of that band."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from numpy.typing import NDArray

from audiences.segmentations.base import Fact
from audiences.segmentations.packing import Columns
from audiences.segmentations.rfm_config import RfmConfig
from itinera.kit.wire import NEVER, moment


def facts_of(
    config: RfmConfig, cuts: Mapping[str, Any], table: Columns, bands: Mapping[str, NDArray[np.int8]]
) -> tuple[Fact, ...]:
    """The facts about the one person of a table: scores of a buyer, interest of a lead."""
    if table["recency"][0] < 0:
        return _lead(config, table)
    found = {
        "recency": ("R", _days(int(table["recency"][0]))),
        "frequency": ("F", _times(int(table["frequency"][0]))),
        "money": ("M", _money(float(table["money"][0]), config.currency)),
    }
    facts = []
    for name, (letter, shown) in found.items():
        band, count = int(bands[name][0]), len(cuts[name]) + 1
        words = _("%(letter)s %(shown)s → %(band)d of %(count)d points (%(bounds)s)") % {
            "letter": letter, "shown": shown, "band": band, "count": count,
            "bounds": _bounds(name, cuts[name], band, config.currency),
        }  # fmt: skip
        facts.append(Fact(name, table[name][0].item(), words, band, count))
    return tuple(facts)


def _lead(config: RfmConfig, table: Columns) -> tuple[Fact, ...]:
    leads, active = config.leads, int(table["active"][0])
    known, began, depth = (int(table[name][0]) for name in ("known", "began", "depth"))
    last = moment(active) if active != NEVER else None
    checkouts = _("checkouts begun in the last %(within)s: %(count)d") % {
        "within": leads.checkout_within, "count": began
    }  # fmt: skip
    interest = _("signs of interest in the last %(within)s: %(count)d (warm from %(from)d)") % {
        "within": leads.warm_within, "count": depth, "from": leads.warm_from
    }  # fmt: skip
    lately = _("last sign of interest: %(at)s (fresh within %(within)s)") % {
        "at": last.isoformat() if last else _("none"), "within": leads.fresh
    }  # fmt: skip
    since = _("known since %(at)s (fresh within %(within)s)") % {"at": moment(known).isoformat(), "within": leads.fresh}
    return (
        Fact("began", began, checkouts),
        Fact("depth", depth, interest),
        Fact("active", last and last.isoformat(), lately),
        Fact("known", moment(known).isoformat(), since),
    )


def _bounds(name: str, cuts: Sequence[float | None], band: int, currency: str) -> str:
    """What the values of a band lie between: its own cut, and that of the next band which anybody reaches."""
    low = cuts[band - 2] if band > 1 else None
    high = next((cut for cut in cuts[band - 1 :] if cut is not None), None)
    if name == "recency":
        low, high = (None if high is None else -high), (None if low is None else -low)
        shown = tuple(_days(int(each)) if each is not None else None for each in (low, high))
        if shown[0] and shown[1]:
            return _("more than %(low)s, at most %(high)s") % {"low": shown[0], "high": shown[1]}
        return _("at most %(high)s") % {"high": shown[1]} if shown[1] else _above(shown[0])
    say = _money if name == "money" else lambda value, _currency: _times(int(value))
    if low is not None and high is not None:
        return _("at least %(low)s, less than %(high)s") % {"low": say(low, currency), "high": say(high, currency)}
    if low is not None:
        return _("at least %(low)s") % {"low": say(low, currency)}
    return _("less than %(high)s") % {"high": say(high, currency)} if high is not None else _("everybody")


def _above(days: str | None) -> str:
    return _("more than %(low)s") % {"low": days} if days else _("everybody")


def _days(count: int) -> str:
    return ngettext("%(count)d day", "%(count)d days", count) % {"count": count}


def _times(count: int) -> str:
    return ngettext("%(count)d purchase", "%(count)d purchases", count) % {"count": count}


def _money(value: float, currency: str) -> str:
    return f"{value:,.2f} {currency}".strip()
