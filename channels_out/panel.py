"""The messages of one profile, for the view that shows her from all sides."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.utils.translation import gettext_noop as _

from audiences.panels import LATEST, Panel, Row
from channels_out.masking import masked_address
from channels_out.models import Message, MessageStatus
from itinera.kit.masking import scrub
from itinera.kit.sqlfile import queries

_SQL = queries(__file__, "panel.sql")


class Messages(Panel):
    """Each message with its status and reason; without the right its address and its text are masked."""

    label = _("Messages")
    permission = "channels_out.view_message"

    def rows(self, profile: int, *, clear: bool, most: int = LATEST) -> list[Row]:
        with connection.cursor() as cursor:
            cursor.execute(_SQL["newest"], {"profile": profile, "most": most})
            numbers = [number for (number,) in cursor.fetchall()]
        found = Message.objects.in_bulk(numbers)
        return [_row(found[number], clear=clear) for number in numbers]


def _row(message: Message, *, clear: bool) -> Row:
    content: dict[str, Any] = message.content or {}
    return {
        "id": message.pk,
        "at": message.at,
        "journey": message.journey,
        "node": message.node_id,
        "channel": message.channel,
        "category": message.category,
        "status": MessageStatus(message.status).name.lower(),
        "reason": message.reason,
        "variant": message.variant,
        "address": message.address if clear else masked_address(message) or None,
        "content": content if clear else {part: scrub(str(text)) for part, text in content.items()},
        "updated_at": message.updated_at,
    }
