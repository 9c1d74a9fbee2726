"""How often a schedule of beat runs, and what it is called, in words."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

_JOURNEY = "journey "
"""With which the names of journeys' own schedules begin; the slug and the step follow."""


def called(task: Any) -> str:
    """The name of a schedule (`PeriodicTask`). Those that we make are known to the catalogue of translations."""
    slug, _space, step = task.name.removeprefix(_JOURNEY).partition(" ")
    if task.name.startswith(_JOURNEY) and step:
        return _("Journey %(slug)s: %(step)s") % {"slug": slug, "step": step}
    return _(task.name)


def how_often(task: Any) -> str:
    """`every 5 seconds`, `every day at 10:00`, `once, 2026-11-29 06:25`; any other time as cron writes it."""
    if task.interval is not None:
        return every(timedelta(**{task.interval.period: task.interval.every}))
    if task.clocked is not None:
        return _("once, %(at)s") % {"at": f"{localtime(task.clocked.clocked_time):%Y-%m-%d %H:%M}"}
    return "" if task.crontab is None else _at(task.crontab)


def every(span: timedelta) -> str:
    """In the largest unit that it is a whole number of."""
    seconds = span.total_seconds()
    for length, words in ((86_400, _days), (3_600, _hours), (60, _minutes)):
        if seconds % length == 0:
            return words(int(seconds // length))
    return ngettext("every second", "every %(n)s seconds", int(seconds)) % {"n": f"{seconds:g}"}


def _days(n: int) -> str:
    return ngettext("every day", "every %(n)s days", n) % {"n": n}


def _hours(n: int) -> str:
    return ngettext("every hour", "every %(n)s hours", n) % {"n": n}


def _minutes(n: int) -> str:
    return ngettext("every minute", "every %(n)s minutes", n) % {"n": n}


def _at(cron: Any) -> str:
    fields = (cron.minute, cron.hour, cron.day_of_month, cron.month_of_year, cron.day_of_week)
    if cron.minute.isdecimal() and cron.hour.isdecimal() and set(fields[2:]) == {"*"}:
        return (
            _("every day at %(time)s") % {"time": f"{int(cron.hour):02}:{int(cron.minute):02}"} + f" · {cron.timezone}"
        )
    return f"{' '.join(fields)} · {cron.timezone}"
