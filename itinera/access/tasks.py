"""Housekeeping of access, hourly."""

from __future__ import annotations

from celery import shared_task
from django.contrib.sessions.backends.db import SessionStore

from itinera.access import idempotency


@shared_task(name="itinera.access.tasks.forget")
def forget() -> None:
    """Clear answers that nobody will ask for again, and sessions that are over."""
    idempotency.forget()
    SessionStore.clear_expired()
