"""Dispatch without a provider: the same claims, door, openings and closings, in transactions of their own."""

from __future__ import annotations

from django.db import connection, transaction

from channels_out import door, owed, results
from channels_out.models import Account, AttemptOutcome
from channels_out.providers.base import Result
from itinera.kit import clock
from itinera.kit.wire import django_cursor

SOME = 20


def send_some() -> int:
    """How many were taken."""
    account = Account.objects.get(channel="sms").pk
    with transaction.atomic(), connection.cursor() as cursor:
        claimed = owed.claim(cursor, account, SOME, clock.now())
    with transaction.atomic(), connection.cursor() as cursor:
        stops = door.ask(django_cursor(), claimed, clock.now())
        results.stop(cursor, claimed, stops, clock.now())
        opened = owed.open_calls(cursor, [each for each in claimed if each.id not in stops], clock.now())
    with transaction.atomic(), connection.cursor() as cursor:
        taken, now = Result(AttemptOutcome.ACCEPTED), clock.now()
        results.close(cursor, [results.decide(each, taken, now, idempotent=False) for each in opened], now)
    return len(claimed)
