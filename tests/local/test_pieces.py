"""The pieces a stack is made of, one by one."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from itinera.local import messages, remembered, space, tuning
from itinera.local.journal import Journal, loud
from itinera.local.ledger import Ledger, Lock, clean_up
from itinera.local.processes import Process, look
from itinera.local.screen import Stop
from itinera.local.service import Service
from itinera.local.stamps import Stamp, digest
from itinera.local.supervisor import LONGEST_PAUSE, Supervisor, pause
from itinera.local.up import side_by_side


def test_secrets_are_made_once_and_belong_to_the_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "home"
    first = remembered.own_secrets(folder)
    assert remembered.own_secrets(folder) == first
    assert (folder / remembered.SECRETS).stat().st_mode & 0o777 == 0o600
    assert set(first) >= {"SECRET_KEY", "FERNET_KEYS", "POSTGRES_PASSWORD", "BROKER_PASSWORD"}
    assert remembered.generate() != first
    assert [file.name for file in folder.iterdir()] == [remembered.SECRETS]


def test_programs_that_start_together_get_the_same_secrets(tmp_path: Path) -> None:
    code = (
        "import sys, json, pathlib; from itinera.local.remembered import own_secrets;"
        "print(json.dumps(own_secrets(pathlib.Path(sys.argv[1]))))"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    assert len({one.communicate()[0] for one in running}) == 1


def test_a_second_holder_of_the_lock_is_told_who_holds_it(tmp_path: Path) -> None:
    with Lock(tmp_path / "run"), pytest.raises(Stop, match=str(os.getpid())), Lock(tmp_path / "run"):
        pass
    with Lock(tmp_path / "run"):
        pass  # free again


def test_a_number_that_belongs_to_another_process_by_now_is_left_alone(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "children.json")
    ourselves = look(os.getpid())
    assert ourselves is not None
    ledger.write({"web": Process(ourselves.pid, ourselves.start - 1, ourselves.group, "S")})
    assert ledger.read() == []
    assert clean_up(ledger, tmp_path) == 0


@pytest.mark.parametrize("content", ["", "{", '[{"pid": 1}]', '{"pid": 1}'])
def test_a_torn_list_of_processes_counts_as_empty(tmp_path: Path, content: str) -> None:
    path = tmp_path / "children.json"
    path.write_text(content, encoding="ascii")
    assert Ledger(path).read() == []


def test_pauses_before_a_restart_grow_and_are_bounded() -> None:
    pauses = [pause(failures) for failures in range(1, 20)]
    assert pauses == sorted(pauses)
    assert pauses[0] < 1
    assert pauses[-1] == LONGEST_PAUSE


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ('{"level": "INFO", "text": "all well"}', None),
        ('{"level": "ERROR", "text": "it broke\\nmore", "error": "Traceback\\nOops: x"}', "ERROR it broke Oops: x"),
        ("LOG:  checkpoint starting", None),
        ("FATAL:  password authentication failed", "FATAL:  password authentication failed"),
        ("# WARNING Memory overcommit must be enabled!", None),
    ],
)  # fmt: skip
def test_only_what_matters_reaches_the_screen(line: str, shown: str | None) -> None:
    assert loud(line) == shown


def test_a_full_disk_is_named_once_and_stops_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "web.log").symlink_to("/dev/full")
    journal = Journal("web", tmp_path)
    for _ in range(3):
        journal.take(b"a line that finds no room")
    assert capsys.readouterr().err.count("is full") == 1
    assert journal.last == "a line that finds no room"


def test_a_disk_without_room_is_refused_ahead(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    usage = type("Usage", (), {"free": 10 * space.MEGABYTE})
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage)
    with pytest.raises(Stop, match="10 MB"):
        space.look_ahead(tmp_path, first=True)


def test_a_log_turns_its_page(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("itinera.local.journal.LARGEST", 100)
    journal = Journal("web", tmp_path)
    for number in range(30):
        journal.take(b"line %d" % number)
    assert (tmp_path / "web.log.1").exists()
    assert (tmp_path / "web.log").stat().st_size <= 120


@pytest.mark.parametrize("megabytes", [512, 2048, 24_000, 512_000])
def test_the_database_is_tuned_within_the_machine(megabytes: int) -> None:
    chosen = tuning.settings(megabytes, room=50_000, durable=True)
    assert int(chosen["shared_buffers"].removesuffix("MB")) <= max(64, megabytes // 4)
    assert chosen["jit"] == "off"
    assert "fsync" not in chosen  # on, as PostgreSQL has it
    assert tuning.settings(megabytes, room=50_000, durable=False)["fsync"] == "off"


def test_a_stamp_goes_with_what_it_is_about(tmp_path: Path) -> None:
    made = tmp_path / "made"
    value = digest([Path(__file__)])
    Stamp(made).set(value)
    assert Stamp(made).is_current(value)
    assert not Stamp(made).is_current("something else")
    Stamp(made).clear()
    assert not Stamp(made).is_current(value)


def test_translations_are_compiled_once(tmp_path: Path) -> None:
    folder = tmp_path / "app" / "locale" / "zh_Hans" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text('msgid "Journey"\nmsgstr "旅程"\n', encoding="utf-8")
    assert messages.compile_all(tmp_path) == 1
    assert (folder / "django.mo").exists()
    assert messages.compile_all(tmp_path) == 0


def sleeper(name: str, code: str, **more: object) -> Service:
    return Service(name=name, command=(sys.executable, "-c", code), **more)  # type: ignore[arg-type]


async def test_what_ends_before_it_is_ready_is_named_with_its_last_words(tmp_path: Path) -> None:
    supervisor = Supervisor(tmp_path, Ledger(tmp_path / "children.json"))
    with pytest.raises(Stop, match="no such luck"):
        await supervisor.start([sleeper("web", "print('no such luck')", ready=lambda: False)])
    await supervisor.end()


async def test_a_program_that_is_not_there_is_named(tmp_path: Path) -> None:
    supervisor = Supervisor(tmp_path, Ledger(tmp_path / "children.json"))
    with pytest.raises(Stop, match="Cannot start web"):
        await supervisor.start([Service(name="web", command=("/no/such/program",))])
    await supervisor.end()


async def test_who_does_not_listen_is_ended_with_all_it_has_started(tmp_path: Path) -> None:
    code = (
        "import signal, subprocess, sys;"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        f"subprocess.Popen([{sys.executable!r}, '-c', 'import signal; signal.pause()']);"
        f"open({str(tmp_path / 'started')!r}, 'w').close();"
        "signal.pause()"
    )
    supervisor = Supervisor(tmp_path, Ledger(tmp_path / "children.json"))
    await supervisor.start([sleeper("deaf", code, ready=(tmp_path / "started").exists, grace=0.2)])
    row = json.loads((tmp_path / "children.json").read_text(encoding="utf-8"))[0]
    await supervisor.end()
    assert [process for process in everybody_in(row["pid"]) if process.alive] == []
    assert Ledger(tmp_path / "children.json").read() == []


def everybody_in(leader: int) -> list[Process]:
    from itinera.local.processes import group

    return group(leader)


async def test_a_job_that_is_given_up_is_ended(tmp_path: Path) -> None:
    supervisor = Supervisor(tmp_path, Ledger(tmp_path / "children.json"))
    started = tmp_path / "started"
    code = f"open({str(started)!r}, 'w').close(); import signal; signal.pause()"
    job = asyncio.create_task(supervisor.job(sleeper("prepare", code)))
    while not started.exists():
        await asyncio.wait({job}, timeout=0.02)
    child = supervisor.children["prepare"]
    job.cancel()
    with pytest.raises(asyncio.CancelledError):
        await job
    assert child.code == -signal.SIGTERM
    await supervisor.end()


async def test_steps_side_by_side_end_together_when_one_stops() -> None:
    reached: list[str] = []

    async def patient() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            reached.append("ended")

    async def failing() -> None:
        raise Stop("停", "stop")

    with pytest.raises(Stop, match="stop"):
        await side_by_side(patient(), failing())
    assert reached == ["ended"]
