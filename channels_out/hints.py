"""Word to the workers that messages wait. A hint may be lost: the beat's tick finds them."""

from __future__ import annotations

import logging

from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)


def messages_queued() -> None:
    """Call it by `on_commit` where messages have been written. A dead broker changes nothing."""
    from channels_out.tasks import dispatch  # late: the engine imports this module before Celery is set up

    try:
        dispatch.apply_async()
    except (OperationalError, OSError) as gone:
        log.warning("no hint sent (%s); the next tick finds the messages", type(gone).__name__)
