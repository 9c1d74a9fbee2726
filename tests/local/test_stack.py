"""A whole stack: what a person sees who starts it, stops it, kills parts of it, or starts it where it cannot."""

from __future__ import annotations

import os
import signal
import socket
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from itinera.local.ports import LOOPBACK, any_free
from itinera.local.processes import wait_gone
from tests.local.conftest import Stack

pytestmark = [pytest.mark.stack, pytest.mark.timeout(300)]
Start = Callable[..., Stack]


def answers(address: str) -> bool:
    """Whether the site serves its log-in page."""
    with urllib.request.urlopen(f"{address}/admin/login/", timeout=20) as page:
        return bool(page.status == 200)


def port() -> str:
    return str(any_free(None))


PARTS = ("web", "worker-1", "beat", "broker", "postgres")


def test_a_whole_life(start: Start) -> None:
    """A taken port, a second start beside it, every part killed, an end without a trace: on one stack, to be quick."""
    with socket.socket() as taken:
        taken.bind((LOOPBACK, 0))
        taken.listen()
        wished = taken.getsockname()[1]
        stack = start(WEB_PORT=str(wished))
        stack.until(f"Port {wished} is taken")
        address = stack.address()
    assert not address.endswith(f":{wished}")
    assert answers(address)

    beside = start()
    assert beside.ended() == 1
    assert "already running" in beside.told
    assert address in beside.told
    assert "Traceback" not in beside.told

    for part in PARTS:
        before = stack.child(part)
        os.kill(before.pid, signal.SIGKILL)
        stack.until(f"{part} is back")
        assert stack.child(part) != before
    assert answers(address)

    assert stack.stop() == 0
    assert "all stopped" in stack.told
    assert stack.left() == []


def test_after_the_supervisor_is_killed_the_next_start_cleans_up_and_goes_on_with_the_same_data(
    start: Start, folder: Path
) -> None:
    killed = start(WEB_PORT=port())
    killed.address()
    killed.process.send_signal(signal.SIGKILL)
    killed.process.wait()
    wait_gone(killed.left(), 20)
    secrets = (folder / "secrets.json").read_bytes()
    stranger = os.getpid()  # by now, the numbers written down may be somebody else's
    (folder / "postgres" / "postmaster.pid").write_text(f"{stranger}\n/nowhere\n", encoding="ascii")
    (folder / "run" / "children.json").write_text(f'[{{"name": "web", "pid": {stranger}, "start": 1}}]')

    stack = start(WEB_PORT=port())
    assert answers(stack.address())
    assert "making the database" not in stack.told
    assert (folder / "secrets.json").read_bytes() == secrets
    assert (folder / "secrets.json").stat().st_mode & 0o077 == 0
    assert stack.stop(signal.SIGTERM) == 0
    assert stack.left() == []


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("DATABASE_URL", "postgres://nobody@127.0.0.1:1/none", "DATABASE_URL"),
        ("DATABASE_URL", "mysql://127.0.0.1/none", "must begin with"),
        ("BROKER_URL", "redis://127.0.0.1:1/0", "BROKER_URL"),
        ("WEB_PORT", "eighty", "not a whole number"),
    ],
)
def test_a_setting_that_cannot_work_is_named(start: Start, variable: str, value: str, words: str) -> None:
    stack = start(**{variable: value})
    assert stack.ended() == 1
    assert words in stack.told
    assert "Traceback" not in stack.told
