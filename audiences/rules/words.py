"""Values said in plain words, in the reader's language: numbers, days, instants, durations, lists."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audiences.rules.clock import local_wall
from audiences.rules.fields import Moment
from itinera.kit.durations import Duration
from itinera.kit.zones import DAY, HOUR, MINUTE, SECOND

FEW = 6
"""So many members of a list are named; the others are counted."""

_CENT = Decimal("0.01")
_MARK = "\x1f"
_MARKS = re.compile(f"{_MARK}+")


def number_words(value: Decimal | Fraction | int | float) -> str:
    """As exact as it is, but for fractions that have no end: `12,345.5`."""
    if isinstance(value, Fraction):
        value = Decimal(value.numerator) / Decimal(value.denominator)
    found = value if isinstance(value, Decimal) else Decimal(repr(value))
    if found == found.to_integral_value():
        return f"{found.to_integral_value():,}"
    return f"{found.normalize():,f}" if len(found.as_tuple().digits) <= 12 else f"{found:,.6f}".rstrip("0").rstrip(".")


def money_words(value: Decimal | Fraction | int | float) -> str:
    """Whole amounts as they are, others with cents: `300`, `312.50`."""
    if isinstance(value, Fraction):
        value = Decimal(value.numerator) / Decimal(value.denominator)
    found = value if isinstance(value, Decimal) else Decimal(repr(value))
    whole = found == found.to_integral_value()
    return f"{found.to_integral_value():,}" if whole else f"{found.quantize(_CENT):,}"


def day_words(day: date) -> str:
    """`15 March 2026`, `2026年3月15日`."""
    return date_format(day, _("j F Y"))


def instant_words(at: int, zone: str) -> str:
    """The wall clock of the zone: `15 March 2026 12:00`; seconds only where there are some."""
    shown = datetime(1970, 1, 1) + timedelta(microseconds=local_wall(at, zone))  # noqa: DTZ001 - a wall clock
    clock = shown.strftime("%H:%M:%S" if shown.second else "%H:%M")
    return f"{day_words(shown.date())} {clock}"


def moment_words(value: Moment, zone: str) -> str:
    """A plain date, or an instant on the zone's wall clock."""
    return day_words(value.day) if value.day is not None else instant_words(value.instant or 0, zone)


def duration_words(span: Duration) -> str:
    """`7 days`, `1 month 2 hours`; the sign is the caller's to say."""
    years, months = divmod(abs(span.months), 12)
    days, rest = divmod(abs(span.micros), DAY)
    hours, rest = divmod(rest, HOUR)
    minutes, rest = divmod(rest, MINUTE)
    seconds = number_words(Fraction(rest, SECOND))
    parts = (
        (years, ngettext("%(count)s year", "%(count)s years", years)),
        (months, ngettext("%(count)s month", "%(count)s months", months)),
        (days, ngettext("%(count)s day", "%(count)s days", days)),
        (hours, ngettext("%(count)s hour", "%(count)s hours", hours)),
        (minutes, ngettext("%(count)s minute", "%(count)s minutes", minutes)),
        (rest and seconds, ngettext("%(count)s second", "%(count)s seconds", 1 if rest == SECOND else 2)),
    )
    said = [words % {"count": count} for count, words in parts if count]
    return " ".join(said) or ngettext("%(count)s day", "%(count)s days", 0) % {"count": 0}


def list_words(said: Iterable[str]) -> str:
    """`a, b, c`; of many the first few and how many there are."""
    members = list(said)
    shown = _(", ").join(members[:FEW])
    if len(members) <= FEW:
        return shown or _("(nothing)")
    return _("%(shown)s and others, %(count)d in all") % {"shown": shown, "count": len(members)}


def pair_words(said: Sequence[str]) -> str:
    """Two ends of a range."""
    return _("%(low)s and %(high)s") % {"low": said[0], "high": said[1]}


def marked(name: str) -> str:
    """A name within a sentence: `tidy` sets it apart where the script changes (近 90 天 order_paid 的次数)."""
    return f"{_MARK}{name}{_MARK}"


def tidy(sentence: str) -> str:
    """A sentence made of parts, as it is read: a space between a name and a character of another script."""
    return _MARKS.sub(_gap, sentence)


def _gap(mark: re.Match[str]) -> str:
    before, after = mark.string[: mark.start()][-1:], mark.string[mark.end() :][:1]
    both = bool(before and after) and before.isalnum() and after.isalnum()
    return " " if both and before.isascii() != after.isascii() else ""


def quoted(text: str) -> str:
    """A name as such."""
    return _("“%(name)s”") % {"name": text}


def text_words(value: str) -> str:
    """A text as it stands; one that cannot be seen as it stands is quoted."""
    return value if value.strip() == value != "" else quoted(value)
