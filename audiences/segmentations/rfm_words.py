"""The scores of one person in plain words: what was found, its band, and the bounds of that band."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from numpy.typing import NDArray

from audiences.rules.words import duration_words, instant_words, money_words
from audiences.segmentations.base import Fact
from audiences.segmentations.packing import Columns
from audiences.segmentations.rfm_config import RfmConfig
from itinera.kit.wire import NEVER, moment


def facts_of(
    config: RfmConfig, zone: str, cuts: Mapping[str, Any], table: Columns, bands: Mapping[str, NDArray[np.int8]]
) -> tuple[Fact, ...]:
    """The facts about the one person of a table: scores of a buyer, interest of a lead."""
    if table["recency"][0] < 0:
        return _lead(config, zone, table)

    def money(value: float) -> str:
        return f"{money_words(value)} {config.currency}".strip()

    ways: dict[str, tuple[str, Callable[[float], str]]] = {
        "recency": ("R", _days), "frequency": ("F", _times), "money": ("M", money),
    }  # fmt: skip
    facts = []
    for name, (letter, say) in ways.items():
        value, band, count = table[name][0].item(), int(bands[name][0]), len(cuts[name]) + 1
        bounds = _days_within if name == "recency" else _within
        words = _("%(letter)s %(shown)s → %(band)d of %(count)d points (%(bounds)s)") % {
            "letter": letter, "shown": say(value), "band": band, "count": count,
            "bounds": bounds(*_around(cuts[name], band), say),
        }  # fmt: skip
        facts.append(Fact(name, value, words, band, count))
    return tuple(facts)


def _lead(config: RfmConfig, zone: str, table: Columns) -> tuple[Fact, ...]:
    leads = config.leads
    active, known, began, depth = (int(table[name][0]) for name in ("active", "known", "began", "depth"))
    checkouts = _("checkouts begun in the last %(within)s: %(count)d") % {
        "within": duration_words(leads.checkout_within), "count": began
    }  # fmt: skip
    interest = _("signs of interest in the last %(within)s: %(count)d (warm from %(from)d)") % {
        "within": duration_words(leads.warm_within), "count": depth, "from": leads.warm_from
    }  # fmt: skip
    fresh = duration_words(leads.fresh)
    seen = _("last sign of interest: %(at)s (fresh within %(within)s)") % {"at": _when(active, zone), "within": fresh}
    since = _("known since %(at)s (fresh within %(within)s)") % {"at": _when(known, zone), "within": fresh}
    return (
        Fact("began", began, checkouts),
        Fact("depth", depth, interest),
        Fact("active", None if active == NEVER else moment(active).isoformat(), seen),
        Fact("known", moment(known).isoformat(), since),
    )


def _when(instant: int, zone: str) -> str:
    return _("none") if instant == NEVER else instant_words(instant, zone)


def _around(cuts: Sequence[float | None], band: int) -> tuple[float | None, float | None]:
    """The cut of a band, and that of the next one which anybody reaches."""
    return cuts[band - 2] if band > 1 else None, next((cut for cut in cuts[band - 1 :] if cut is not None), None)


def _within(low: float | None, high: float | None, say: Callable[[float], str]) -> str:
    if low is not None and high is not None:
        return _("at least %(low)s, less than %(high)s") % {"low": say(low), "high": say(high)}
    if low is not None:
        return _("at least %(low)s") % {"low": say(low)}
    return _("less than %(high)s") % {"high": say(high)} if high is not None else _("everybody")


def _days_within(low: float | None, high: float | None, say: Callable[[float], str]) -> str:
    """The cuts of recency are days with the sign turned: the lower one is the most days that the band allows."""
    if low is not None and high is not None:
        return _("more than %(low)s, at most %(high)s") % {"low": say(-high), "high": say(-low)}
    if low is not None:
        return _("at most %(high)s") % {"high": say(-low)}
    return _("more than %(low)s") % {"low": say(-high)} if high is not None else _("everybody")


def _days(count: float) -> str:
    return ngettext("%(count)d day", "%(count)d days", int(count)) % {"count": count}


def _times(count: float) -> str:
    return ngettext("%(count)d purchase", "%(count)d purchases", int(count)) % {"count": count}
