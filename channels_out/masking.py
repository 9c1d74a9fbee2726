"""Addresses and contents of messages, unreadable for those without the right to see them."""

from __future__ import annotations

import json

from channels_out.models import Message
from channels_out.models.channel import ADDRESS_KIND
from itinera.kit.masking import mask_identity, scrub


def masked_address(message: Message) -> str:
    """`138****1234`, `a***@example.com`."""
    if not message.address:
        return ""
    return mask_identity(ADDRESS_KIND.get(message.channel, ""), message.address)


def masked_content(message: Message) -> str:
    """The content as one text, with phone numbers and addresses in it masked."""
    return scrub(json.dumps(message.content, ensure_ascii=False)) if message.content else ""
