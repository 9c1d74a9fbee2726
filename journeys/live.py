"""Tells open canvases that a journey's figures moved. A lost word costs a viewer five seconds at most."""

from __future__ import annotations

import logging

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from redis.exceptions import RedisError

log = logging.getLogger(__name__)


def group_of(slug: str) -> str:
    """The channel-layer group of those who look at a journey."""
    return f"journey.{slug}"


def signal_counts(slug: str) -> None:
    """Say it to whoever looks at this journey. A dead broker changes nothing: viewers also ask by themselves."""
    layer = get_channel_layer()
    if layer is None:
        return
    try:
        async_to_sync(layer.group_send)(group_of(slug), {"type": "counts.changed"})
    except (RedisError, OSError) as error:
        log.warning("viewers of a journey were not told: %s", type(error).__name__)
