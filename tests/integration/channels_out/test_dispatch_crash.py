"""Several dispatchers at once, killed at random moments: the receiving server's ledger is the judge."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from channels_out.models import Message, MessageStatus
from channels_out.stages import dispatch
from tests.integration.channels_out.people import Person, add
from tests.integration.channels_out.queued import email_account, queue, sms_account
from tests.integration.channels_out.sandboxes import SandboxClient

MESSAGES, KILLS, CONCURRENCY = 400, 3, 8


def prepare(environment: dict[str, str], count: int) -> list[subprocess.Popen[str]]:
    """Processes that have started and wait to be told to go: starting takes longer than sending."""
    command = [sys.executable, "-m", "tests.integration.channels_out.dispatcher"]
    made = [
        subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(count)
    ]
    for process in made:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    return made


def go(process: subprocess.Popen[str]) -> subprocess.Popen[str]:
    assert process.stdin is not None
    process.stdin.write("go\n")
    process.stdin.flush()
    return process


def open_messages() -> int:
    return Message.objects.filter(status__in=[MessageStatus.QUEUED, MessageStatus.CLAIMED]).count()


@pytest.mark.django_db(transaction=True)
@pytest.mark.timeout(240)
def test_two_dispatchers_killed_at_random_send_nothing_twice_and_lose_nothing(
    sandbox: SandboxClient, site_environment: dict[str, str]
) -> None:
    crowd = [Person(consent={}) for _ in range(MESSAGES // 2)]
    add(crowd)
    now = datetime.now(UTC)
    queue(sms_account(sandbox, concurrency=CONCURRENCY), crowd, now, category="service")
    queue(email_account(sandbox, concurrency=CONCURRENCY), crowd, now, channel="email", category="service",
          address="p{id}@mail.example", seq=1)  # fmt: skip
    sandbox.fault("delay", seconds=0.05)
    environment = {**site_environment, "OUTBOUND_ALLOWED_HOSTS": ",".join(sandbox.hosts)}
    dice = random.Random(7)
    spare = prepare(environment, KILLS + 2)
    everybody = list(spare)
    running = [go(spare.pop()), go(spare.pop())]
    try:
        for _ in range(KILLS):
            time.sleep(dice.uniform(0.2, 0.8))
            victim = running.pop(0)
            victim.kill()
            victim.wait()
            running.append(go(spare.pop()))
        waited = time.monotonic() + 30
        while open_messages() > MESSAGES // 10 and time.monotonic() < waited:
            time.sleep(0.2)
    finally:
        for process in everybody:
            process.kill()
            process.wait()
    for minutes in (3, 6):
        dispatch.run(now + timedelta(minutes=minutes), 10_000)
    left = Counter(MessageStatus(status).name for status in Message.objects.values_list("status", flat=True))
    assert set(left) <= {"SENT", "UNKNOWN"}, left
    assert sum(left.values()) == MESSAGES
    assert left["UNKNOWN"] <= (KILLS + 2) * CONCURRENCY * 2  # two accounts, and the two killed at the end
    assert sandbox.duplicates() == {}
    delivered = {str(each["ref"]) for each in sandbox.deliveries()}
    keys = {f"m{each.pk}-{int(each.at.timestamp() * 1e6):x}": each.status for each in Message.objects.all()}
    assert delivered <= set(keys)
    assert {key for key, status in keys.items() if status == MessageStatus.SENT} <= delivered
