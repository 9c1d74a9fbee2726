"""Why messages did not leave, in words. The codes are those of policy, the door and whoever has added to it."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WORDS: Mapping[str, Promise] = {
    "": _("policy lets it through"),
    "holdout": _("in the holdout"),
    "no_address": _("no address"),
    "suppressed": _("suppressed"),
    "opted_out": _("opted out"),
    "no_consent": _("no consent"),
    "quiet_hours": _("quiet hours"),
    "capped": _("capped"),
    "budget": _("budget used up"),
    "stale": _("too late"),
    "missing_variable": _("a variable is missing"),
    "paused": _("journey paused"),
    "left_journey": _("has left the journey"),
    "worker_lost": _("worker lost during the call"),
}


def told(reason: str | None) -> str:
    """In words; what a provider answered as it is."""
    return "" if reason is None else str(WORDS.get(reason, reason))
