"""Channels and categories as rules name them; who sends over them adds the labels of its own when it starts."""

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

Listed = Callable[[], Iterable[tuple[str, str]]]
CATEGORIES: Registry[Listed] = Registry("categories of messages")
"""Each entry gives names and labels (in the reader's language) of categories that are in use."""


def categories() -> dict[str, str]:
    """The categories of this workspace with their labels."""
    return {name: label for listed in CATEGORIES.values() for name, label in listed()}


def channel_label(name: str) -> str:
    """In the reader's language."""
    return gettext(CHANNELS[name]) if name in CHANNELS else name


def category_label(name: str) -> str:
    """In the reader's language."""
    return categories().get(name, name)


def check_channel(name: str, known: Iterable[str], path: str, key: str) -> Iterator[Problem]:
    """Whether there is such a channel."""
    if name not in known:
        words = gettext("There is no channel %(channel)s.") % {"channel": name}
        yield Problem("unknown_channel", words, join(path, key))
