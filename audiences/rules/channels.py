"""Channels and categories as rules name them. Who uses further categories says so when it starts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from audiences.rules.places import join
from itinera.kit.errors import Problem
from itinera.kit.registry import Registry

CHANNELS: Mapping[str, str] = {
    "sms": _("SMS"),
    "email": _("e-mail"),
    "wecom": _("WeCom"),
    "wecom_app": _("WeCom application message"),
    "moments": _("WeCom moments"),
    "oa": _("official account"),
    "miniapp": _("mini-program"),
    "push": _("app push"),
    "call": _("outbound call"),
    "webhook": _("webhook"),
}
"""Every channel of the contract, by name."""

CATEGORIES: Mapping[str, str] = {
    "marketing": _("Marketing"),
    "service": _("Service"),
    "notification": _("Notification"),
}
"""The categories that always exist; a workspace may use others, which are called as they are named."""

IN_USE: Registry[Callable[[], Iterable[str]]] = Registry("categories in use")
"""Each entry gives names of further categories that something in this workspace uses."""


def categories() -> dict[str, str]:
    """The categories of this workspace with their labels."""
    own = sorted({name for named in IN_USE.values() for name in named()} - CATEGORIES.keys())
    return {name: category_label(name) for name in (*CATEGORIES, *own)}


def channel_label(name: str) -> str:
    """In the reader's language."""
    return gettext(CHANNELS[name]) if name in CHANNELS else name


def category_label(name: str) -> str:
    """In the reader's language."""
    return gettext(CATEGORIES[name]) if name in CATEGORIES else name


def check_channel(name: str, known: Iterable[str], path: str, key: str) -> Iterator[Problem]:
    """Whether there is such a channel."""
    if name not in known:
        words = gettext("There is no channel %(channel)s.") % {"channel": name}
        yield Problem("unknown_channel", words, join(path, key))
