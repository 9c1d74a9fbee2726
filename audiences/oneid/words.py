"""Why a pair waits for somebody who decides, in the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext as _

from audiences.oneid.conflicts import MOST_OF_A_KIND


def in_words(reason: str | None) -> str:
    """The reason of a conflict as a sentence; empty where there is none."""
    code, _separator, kind = (reason or "").partition(":")
    if code == "different_kinds":
        return _("They are two kinds of people: audiences, journeys and caps never mix those.")
    if code == "two":
        return _("Each has a %(kind)s of her own, of which a person has only one.") % {"kind": kind}
    if code == "many":
        words = _("Together they would have more than %(most)d identities of kind %(kind)s: is one of them shared?")
        return words % {"most": MOST_OF_A_KIND, "kind": kind}
    if code == "too_large":
        return _("So much has happened to one of them that moving it keeps others waiting for a moment.")
    return ""
