"""What kinds of identity are called."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

IDENTITIES: Mapping[str, str] = {
    "member_id": _("member number"),
    "phone": _("phone number"),
    "email": _("e-mail address"),
    "openid": _("WeChat openid"),
    "unionid": _("WeChat unionid"),
    "external_userid": _("WeCom contact"),
    "userid": _("WeCom employee"),
    "device_id": _("device"),
}
"""Those known from the start (`audiences.kinds`); a brand's own are called as they are named."""


def identity_label(kind: str) -> str:
    """In the reader's language."""
    return gettext(IDENTITIES[kind]) if kind in IDENTITIES else kind
