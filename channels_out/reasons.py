"""Why a message did not leave, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

REASON_LABELS: Mapping[str, str] = {
    "": _("policy lets it through"),
    "holdout": _("in the holdout"),
    "no_address": _("no address"),
    "suppressed": _("suppressed"),
    "opted_out": _("consent withdrawn"),
    "no_consent": _("no consent"),
    "quiet_hours": _("quiet hours"),
    "capped": _("a cap is full"),
    "budget": _("budget used up"),
    "stale": _("too late"),
    "missing_variable": _("a variable of the text is missing"),
}
"""By the reasons of policy (`channels_out.verdicts.REASONS`)."""


def reason_label(reason: str) -> str:
    """One of policy's in words; any other (a provider's code) as it is."""
    return gettext(REASON_LABELS[reason]) if reason in REASON_LABELS else reason
