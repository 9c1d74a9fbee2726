"""The database goes away in the middle of sending: answers wait for it, and nothing is sent twice."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from django.db import connection

from channels_out.models import Attempt, Message, MessageStatus
from channels_out.stages import dispatch
from tests.integration.channels_out.people import Person, add
from tests.integration.channels_out.queued import queue, sms_account
from tests.integration.channels_out.sandboxes import SandboxClient

NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
MESSAGES, OUTAGES = 200, 3


def cut_off(times: int) -> None:
    """End every other connection to this database, as a server that is killed does."""
    settings = connection.settings_dict
    with psycopg.connect(
        host=settings["HOST"], port=settings["PORT"] or 5432, user=settings["USER"], password=settings["PASSWORD"],
        dbname=settings["NAME"], autocommit=True,
    ) as mine:  # fmt: skip
        for _ in range(times):
            time.sleep(0.5)
            mine.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


@pytest.mark.django_db(transaction=True)
def test_an_outage_of_the_database_loses_no_answer(sandbox: SandboxClient) -> None:
    crowd = [Person(consent={}) for _ in range(MESSAGES)]
    add(crowd)
    queue(sms_account(sandbox, concurrency=4), crowd, NOW, category="service")
    sandbox.fault("delay", seconds=0.05)
    trouble = threading.Thread(target=cut_off, args=(OUTAGES,))
    trouble.start()
    dispatch.run(NOW, 10_000)
    trouble.join()
    connection.close()
    dispatch.run(NOW + timedelta(minutes=3), 10_000)
    assert sandbox.duplicates() == {}
    assert sandbox.count() == MESSAGES
    assert set(Message.objects.values_list("status", flat=True)) == {MessageStatus.SENT}
    assert not Attempt.objects.filter(closed_at=None).exists()
