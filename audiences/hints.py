"""Word to whoever acts on the feed that there is something new. A hint may be lost: beat's tick finds the work."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

log = logging.getLogger(__name__)

_listeners: list[Callable[[], object]] = []
_silent: ContextVar[bool] = ContextVar("hints_silent", default=False)


def on_work_arrived(listener: Callable[[], object]) -> None:
    """Called by upper packages when they start; the same listener is kept once."""
    if listener not in _listeners:
        _listeners.append(listener)


def work_arrived() -> None:
    """To be called after the commit that wrote to the feed. A listener that fails stops nobody."""
    if is_silenced():
        return
    for listener in _listeners:
        try:
            listener()
        except Exception as error:  # noqa: BLE001 - a dead broker has many faces, and the rows are committed
            log.warning("hint not delivered: %s", type(error).__name__)


def merges_asked() -> None:
    """To be called after the commit that queued pairs of profiles: a worker merges them."""
    from audiences.tasks import merge  # late: ingestion imports this module before Celery is set up

    if not is_silenced():
        merge.delay()


def is_silenced() -> bool:
    """Whether this is a replay."""
    return _silent.get()


@contextmanager
def silenced() -> Iterator[None]:
    """Nobody is told within the block: what arrives in a replay's shadow tables concerns no worker."""
    token = _silent.set(True)
    try:
        yield
    finally:
        _silent.reset(token)
