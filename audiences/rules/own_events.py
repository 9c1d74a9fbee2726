"""The events that Itinera writes itself, by name: in every workspace from the start."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_noop as _

OWN = (
    "message.", "task.", "coupon.", "journey.", "experiment.", "wecom.", "keyword.", "audience.", "tag.", "attribute.",
)  # fmt: skip
"""How their names begin."""

OWN_LABELS: Mapping[str, str] = {
    "message.sent": _("message sent"),
    "message.delivered": _("message delivered"),
    "message.failed": _("message failed"),
    "message.opened": _("message opened"),
    "message.clicked": _("message clicked"),
    "message.replied": _("message replied to"),
    "message.unsubscribed": _("unsubscribed by message"),
    "message.capped": _("message held back by a cap"),
    "message.skipped": _("message skipped"),
    "task.created": _("guide task created"),
    "task.notified": _("guide told of a task"),
    "task.confirmed": _("guide task confirmed"),
    "task.done": _("guide task done"),
    "task.expired": _("guide task expired"),
    "coupon.issued": _("coupon issued"),
    "coupon.claimed": _("coupon claimed"),
    "coupon.redeemed": _("coupon redeemed"),
    "coupon.expired": _("coupon expired"),
    "coupon.revoked": _("coupon taken back"),
    "journey.entered": _("journey entered"),
    "journey.exited": _("journey left"),
    "experiment.exposed": _("shown a variant"),
    "wecom.added": _("employee added in WeCom"),
    "wecom.deleted": _("employee deleted in WeCom"),
    "keyword.received": _("keyword received"),
}
