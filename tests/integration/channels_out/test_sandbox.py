"""The sandbox itself: its ledger is the judge of other tests, so it must be right, and independent."""

from __future__ import annotations

import ast
import json
import signal
import smtplib
import socket
import sys
import time
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

import channels_out.sandbox
from channels_out.models import Account
from channels_out.sandbox_accounts import EMAIL, SMS, known_token, point_at
from tests.integration.channels_out.sandboxes import PASSWORD, TOKEN, SandboxClient, running

HOME = Path(channels_out.sandbox.__file__).parent


def send(sandbox: SandboxClient, to: str, text: str = "你好", token: str = TOKEN, **fields: str) -> dict[str, Any]:
    body = json.dumps({"to": to, "text": text, **fields}).encode()
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    url = f"http://127.0.0.1:{sandbox.http_port}/sms/messages"
    with urlopen(Request(url, body, headers, method="POST"), timeout=10) as answer:
        found: dict[str, Any] = json.loads(answer.read())
    return found


def get(sandbox: SandboxClient, path: str) -> Any:
    return urlopen(f"http://127.0.0.1:{sandbox.http_port}/{path}", timeout=10)


def test_it_knows_nothing_of_the_product() -> None:
    allowed = {*sys.stdlib_module_names, "aiohttp", "aiosmtpd"}
    for file in HOME.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [each.name for each in node.names] if isinstance(node, ast.Import) else []
            for name in names:
                assert name.startswith("channels_out.sandbox") or name.partition(".")[0] in allowed, (file.name, name)


def test_deliveries_are_counted_filtered_and_checked_for_duplicates(sandbox: SandboxClient) -> None:
    for number in range(3):
        send(sandbox, f"+861380000000{number}", ref="same" if number else "other")
    assert sandbox.count() == 3
    assert sandbox.count(to="+8613800000001") == sandbox.count(after=2) == 1
    assert sandbox.count(contains="你好", channel="sms") == 3
    assert sandbox.count(channel="email") == 0
    assert sandbox.duplicates() == {"same": 2}


def test_a_wrong_token_or_number_delivers_nothing(sandbox: SandboxClient) -> None:
    for to, token, status in (("+8613800000001", "wrong", 401), ("nobody", TOKEN, 400)):
        with pytest.raises(HTTPError) as refused:
            send(sandbox, to, token=token)
        assert refused.value.code == status
    assert sandbox.count() == 0


def test_faults_strike_as_often_as_asked(sandbox: SandboxClient) -> None:
    sandbox.fault("throttle", times=2, endpoint="sms")
    for _ in range(2):
        with pytest.raises(HTTPError):
            send(sandbox, "+8613800000001")
    assert send(sandbox, "+8613800000001")["code"] == "OK"
    with pytest.raises(HTTPError) as refused:
        sandbox.fault("earthquake")
    assert refused.value.code == 400


def test_its_clock_can_be_moved(sandbox: SandboxClient) -> None:
    sandbox._ask("PUT", "clock", {"now": "2030-01-02T03:04:05+00:00"})
    send(sandbox, "+8613800000001")
    assert str(sandbox.deliveries()[0]["at"]).startswith("2030-01-02T03:04:")


def test_the_page_comes_whole_and_loads_nothing_from_elsewhere(sandbox: SandboxClient) -> None:
    with get(sandbox, "") as page:
        html = page.read().decode()
        assert "default-src 'self'" in page.headers["Content-Security-Policy"]
    assert "收件沙箱" in html
    for name in ("page.css", "page.js"):
        with get(sandbox, f"page/{name}") as file:
            assert b"http://" not in file.read().replace(b"http://www.w3.org", b"")
    with pytest.raises(HTTPError):
        get(sandbox, "page/../server.py")


def test_the_page_hears_of_new_deliveries(sandbox: SandboxClient) -> None:
    send(sandbox, "+8613800000001")
    with get(sandbox, "stream") as stream:
        first = json.loads(stream.readline().removeprefix(b"data: "))
        stream.readline()
        send(sandbox, "+8613800000002")
        second = json.loads(stream.readline().removeprefix(b"data: "))
    assert (first["total"], first["counts"]) == (1, {"sms": 1})
    assert [each["to"] for each in second["news"]] == ["+8613800000002"]


def test_mail_needs_the_password(sandbox: SandboxClient) -> None:
    with smtplib.SMTP("127.0.0.1", sandbox.smtp_port, timeout=10) as line:
        with pytest.raises(smtplib.SMTPAuthenticationError):
            line.login("u", "wrong")
        line.login("u", PASSWORD)
        line.sendmail("a@b.example", ["c@d.example"], "Subject: hi\r\nMessage-ID: <m1@b.example>\r\n\r\nbody")
    (mail,) = sandbox.deliveries(channel="email")
    assert (mail["to"], mail["subject"], mail["ref"], mail["text"]) == ("c@d.example", "hi", "m1", "body")


def test_the_ledger_outlives_a_kill_and_an_open_page_does_not_hold_up_the_end(tmp_path: Path) -> None:
    file = tmp_path / "ledger.jsonl"
    with running("--ledger", str(file)) as first:
        for number in range(5):
            send(first, f"+861380000000{number}", ref=f"r{number}")
        first.process.kill()
        first.process.wait()
    with file.open("ab") as torn:
        torn.write(b'{"n": 6, "chan')
    with running("--ledger", str(file)) as second:
        assert second.count() == 5
        send(second, "+8613800000009", ref="r9")
        with get(second, "stream") as stream:
            stream.readline()
            second.process.send_signal(signal.SIGTERM)
            started = time.monotonic()
            assert second.process.wait(timeout=10) == 0
            assert time.monotonic() - started < 5
    with running("--ledger", str(file)) as third:
        assert [each["ref"] for each in third.deliveries()] == ["r0", "r1", "r2", "r3", "r4", "r9"]


def test_a_taken_port_is_told_in_plain_words(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        options = {"http_port": taken.getsockname()[1], "smtp_port": 0, "no_accounts": True, "ledger": tmp_path / "l"}
        with pytest.raises(CommandError, match="cannot listen"):
            call_command("sandbox", **options)


@pytest.mark.django_db
def test_its_accounts_follow_it_and_keep_their_token(settings: Settings) -> None:
    settings.OUTBOUND_ALLOWED_HOSTS = ["127.0.0.1"]
    point_at("127.0.0.1", 1111, 2222, "first")
    Account.objects.filter(slug=SMS).update(concurrency=5)
    assert known_token() == "first"
    point_at("127.0.0.1", 3333, 4444, "first")
    sms, mail = Account.objects.get(slug=SMS), Account.objects.get(slug=EMAIL)
    assert (sms.config["url"], mail.config["port"]) == ("http://127.0.0.1:3333/sms/messages", 4444)
    assert (sms.concurrency, sms.is_default, mail.is_default) == (5, True, True)


def test_a_page_that_is_closed_is_no_error(capfd: pytest.CaptureFixture[str]) -> None:
    with running() as sandbox:
        page = get(sandbox, "stream")
        assert page.readline().startswith(b"data: ")
        page.close()
        for number in range(3):  # the page hears of each in a frame of its own, if it still listens
            send(sandbox, "+8613800000000", ref=str(number))
            time.sleep(0.6)
        assert sandbox.count() == 3
    assert capfd.readouterr().err == ""
