"""The channels that this version sends on, and which identity is the address on each."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    """A way to reach a person. Adding one needs a provider and a content shape, no migration."""

    SMS = "sms", _("SMS")
    EMAIL = "email", _("E-mail")


class Category(models.TextChoices):
    """What a message is for. A workspace may use further names; these three always exist."""

    MARKETING = "marketing", _("Marketing")
    SERVICE = "service", _("Service")
    NOTIFICATION = "notification", _("Notification")


ADDRESS_KIND: dict[str, str] = {
    "sms": "phone",
    "call": "phone",
    "email": "email",
    "wecom": "external_userid",
    "moments": "external_userid",
    "oa": "openid",
    "miniapp": "openid",
    "push": "device_id",
    "wecom_app": "userid",
}
"""The kind of identity that is the address, by channel."""
