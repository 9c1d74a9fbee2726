"""Counters under load: while waves, answers and folds run side by side, the check finds nothing wrong, and it can."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta

import pytest

from channels_out.models import MessageStatus
from itinera.local.home import PROJECT
from journeys.recount import differences
from tests.acceptance.drawing import draw, node, sms, start
from tests.concurrency.engine import scene

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(180)]
PEOPLE, ROUNDS = 800, 4
ALL_SENT = [(MessageStatus.SENT, 2 * ROUNDS * PEOPLE)]
COUNTED = """
    SELECT status, sum(n)::bigint
    FROM (SELECT status, n FROM message_count UNION ALL SELECT status, n FROM message_change) counted
    GROUP BY status HAVING sum(n) <> 0
"""


def busy(environment: dict[str, str]) -> list[subprocess.Popen[bytes]]:
    """Two processes of each kind."""
    command = [sys.executable, "-m", "tests.concurrency.engine.busy"]
    roles = ("walk", "answer", "fold") * 2
    return [subprocess.Popen([*command, role], cwd=PROJECT, env=environment, stdin=subprocess.PIPE) for role in roles]


def test_the_check_may_be_asked_while_everything_moves(site_environment: dict[str, str]) -> None:
    scene.accounts()
    scene.people(PEOPLE)
    nap = node("nap", "delay.for", {"duration": "PT1S"})
    now = scene.publish(draw(start(), sms(), nap, sms("again"), node("end", "exit"), reentry={"policy": "always"}))
    programs, asked_while_busy = busy(site_environment), 0
    for turn in range(ROUNDS):
        scene.orders(PEOPLE, now - timedelta(seconds=20 - turn))
        assert differences() == []
    for program in programs:
        assert program.stdin is not None
        program.stdin.close()
    while any(program.poll() is None for program in programs):
        assert differences() == []
        asked_while_busy += 1
    assert [program.returncode for program in programs] == [0] * len(programs)
    assert asked_while_busy > 3
    assert scene.ask("SELECT status, count(*) FROM message GROUP BY status") == ALL_SENT
    assert scene.ask(COUNTED) == ALL_SENT
    assert scene.ask("SELECT sum(n)::bigint FROM entry_count") == [(ROUNDS * PEOPLE,)]
    assert scene.ask("SELECT count(*) FROM message_change") == [(0,)]
