"""Dispatch against the sandbox: what leaves, what does not, and what is left behind."""

from __future__ import annotations

import time
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from pytest_django import Settings

from channels_out.door import Stop, door
from channels_out.models import Account, Attempt, AttemptOutcome, CapChange, Message, MessageStatus
from channels_out.stages import dispatch
from tests.integration.channels_out.people import Person, add
from tests.integration.channels_out.queued import email_account, queue, sms_account
from tests.integration.channels_out.sandboxes import SandboxClient

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
"""Noon in Shanghai."""


def statuses() -> Counter[str]:
    return Counter(MessageStatus(value).name for value in Message.objects.values_list("status", flat=True))


def reasons() -> Counter[str | None]:
    return Counter(Message.objects.values_list("reason", flat=True))


def people(count: int, **fields: object) -> list[Person]:
    made = [Person(**fields) for _ in range(count)]  # type: ignore[arg-type]
    add(made)
    return made


def test_every_sms_arrives_once_and_is_sent(sandbox: SandboxClient) -> None:
    crowd = people(300)
    queue(sms_account(sandbox), crowd, NOW)
    report = dispatch.run(NOW, 10_000)
    assert report.done == 300
    assert statuses() == {"SENT": 300}
    assert sandbox.count(channel="sms") == 300
    assert sandbox.duplicates() == {}
    assert {each["to"] for each in sandbox.deliveries()} == {f"+86138{person.id:08d}" for person in crowd}
    attempt = Attempt.objects.first()
    assert attempt is not None
    assert attempt.closed_at is not None
    assert attempt.outcome == AttemptOutcome.ACCEPTED
    assert str(attempt.provider_id).startswith("sms-")


def test_mail_arrives_as_it_was_written(sandbox: SandboxClient) -> None:
    content = {
        "subject": "您的专属优惠:满一百减二十,仅限今天,快来看看吧,还有更多惊喜等着您",
        "text": "第一行\n.点开头\n第三行",
        "html": "<p>你好 & 再见</p>",
    }
    queue(email_account(sandbox), people(20), NOW, channel="email", content=content, address="p{id}@mail.example",
          category="service")  # fmt: skip
    dispatch.run(NOW, 1_000)
    assert statuses() == {"SENT": 20}
    found = sandbox.deliveries(channel="email")
    assert len(found) == 20
    assert {name: found[0][name] for name in content} == content
    assert found[0]["from"] == "品牌 <shop@brand.example>"


def test_the_door_asks_again(sandbox: SandboxClient) -> None:
    account = sms_account(sandbox)
    good, out, gone, silent = (
        people(1),
        people(2, consent={"sms": {"marketing": False}}),
        people(3),
        people(4, consent={}),
    )
    with connection.cursor() as cursor:
        cursor.execute("UPDATE profile SET suppressed = '{sms}' WHERE id = ANY(%s)", [[each.id for each in gone]])
    for crowd in (good, out, gone, silent):
        queue(account, crowd, NOW)
    dispatch.run(NOW, 1_000)
    assert reasons() == {None: 1, "opted_out": 2, "suppressed": 3, "no_consent": 4}
    assert statuses() == {"SENT": 1, "SKIPPED": 6, "UNREACHABLE": 3}
    assert sandbox.count() == 1


def test_what_the_door_refuses_gives_its_place_back_and_tells_who_waits(sandbox: SandboxClient) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO cap (name, "limit", "window", channel)
               VALUES ('a', 1, '"P7D"', 'sms'), ('b', 1, '"P7D"', 'email')"""
        )
    queue(sms_account(sandbox), people(2, consent={}), NOW, wants_outcome=True)
    dispatch.run(NOW, 1_000)
    assert list(CapChange.objects.values_list("was", "becomes")) == [(NOW, None)] * 2
    with connection.cursor() as cursor:
        cursor.execute("SELECT kind, version_id, enrolment, node, port, body->>'reason' FROM feed")
        assert cursor.fetchall() == [(1, 1, 0, 3, 0, "no_consent")] * 2


def test_quiet_hours_at_the_door_put_off_or_drop(sandbox: SandboxClient) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO quiet_hours (category, from_time, to_time, dates) VALUES ('marketing', '21:00', '08:00', '[]')"
        )
    account, night = sms_account(sandbox), NOW + timedelta(hours=9)  # 21:00 in Shanghai
    queue(account, people(2), NOW, stale_after=timedelta(hours=10))
    queue(account, people(3), NOW, drop_in_quiet=True)
    queue(account, people(1), NOW, transactional=True)
    dispatch.run(night, 1_000)
    assert statuses() == {"QUEUED": 2, "SKIPPED": 3, "SENT": 1}
    morning = datetime(2026, 11, 21, 0, 0, tzinfo=UTC)
    assert set(Message.objects.filter(status=0).values_list("retry_at", "reserved_at")) == {(morning, morning)}
    dispatch.run(morning, 1_000)
    assert statuses() == {"SENT": 3, "SKIPPED": 3}


def test_a_message_that_has_grown_stale_stays(sandbox: SandboxClient) -> None:
    queue(sms_account(sandbox), people(2), NOW, stale_after=timedelta(hours=1))
    queue(sms_account(sandbox), people(2), NOW, stale_after=timedelta(hours=2))
    dispatch.run(NOW + timedelta(hours=1, seconds=1), 1_000)
    assert reasons() == {None: 2, "stale": 2}


def test_registered_checks_can_stop_and_put_off(sandbox: SandboxClient, monkeypatch: pytest.MonkeyPatch) -> None:
    account = sms_account(sandbox)
    queue(account, people(3), NOW)
    first, second, _ = Message.objects.order_by("id").values_list("id", flat=True)
    later = NOW + timedelta(minutes=5)
    answers = {first: Stop("walk_ended"), second: Stop("paused", later)}
    monkeypatch.setitem(
        door._items, "test", lambda cursor, rows, now: {k: v for k, v in answers.items() if now < later}
    )
    dispatch.run(NOW, 1_000)
    assert statuses() == {"SENT": 1, "SKIPPED": 1, "QUEUED": 1}
    dispatch.run(later, 1_000)
    assert statuses() == {"SENT": 2, "SKIPPED": 1}


def test_a_refused_recipient_fails_alone(sandbox: SandboxClient) -> None:
    crowd = people(10)
    sandbox.fault("reject", match=f"{crowd[3].id:08d}")
    queue(sms_account(sandbox), crowd, NOW, wants_outcome=True)
    dispatch.run(NOW, 1_000)
    assert statuses() == {"SENT": 9, "FAILED": 1}
    with connection.cursor() as cursor:
        cursor.execute("SELECT port, count(*) FROM feed GROUP BY port ORDER BY port")
        assert cursor.fetchall() == [(0, 9), (1, 1)]


@pytest.mark.parametrize("kind", ["drop_after", "error_after", "truncate", "malformed"])
def test_doubt_is_kept_and_never_sent_again(sandbox: SandboxClient, kind: str) -> None:
    sandbox.fault(kind, times=3)
    queue(sms_account(sandbox), people(10), NOW)
    for hour in range(3):
        dispatch.run(NOW + timedelta(hours=hour), 1_000)
    assert statuses() == {"SENT": 7, "UNKNOWN": 3}
    assert sandbox.count() == 10
    assert sandbox.duplicates() == {}


def test_doubt_is_resolved_where_the_gateway_knows_keys(sandbox: SandboxClient) -> None:
    sandbox.fault("drop_after", times=3)
    queue(sms_account(sandbox, config={"key_header": "Idempotency-Key"}), people(10), NOW)
    dispatch.run(NOW, 1_000)
    assert statuses() == {"SENT": 7, "QUEUED": 3}
    dispatch.run(NOW + timedelta(seconds=11), 1_000)
    assert statuses() == {"SENT": 10}
    assert sandbox.count() == 10


def test_later_means_back_off_and_in_the_end_failed(sandbox: SandboxClient) -> None:
    sandbox.fault("later")
    queue(sms_account(sandbox, config={"codes": {"retry": ["BUSY"]}}), people(1), NOW)
    moment, tried = NOW, []
    for _ in range(8):
        dispatch.run(moment, 1_000)
        tried.append(Attempt.objects.count())
        retry_at = Message.objects.get().retry_at
        moment = (retry_at or moment) + timedelta(seconds=1)
    assert tried[:6] == [1, 2, 3, 4, 5, 6]
    assert tried[-1] == 6
    assert statuses() == {"FAILED": 1}


@pytest.mark.parametrize(("kind", "rest"), [("throttle", 2.0), ("token", 60.0)])
def test_trouble_of_the_account_lets_it_rest_and_costs_no_try(sandbox: SandboxClient, kind: str, rest: float) -> None:
    sandbox.fault(kind, seconds=2)
    queue(sms_account(sandbox), people(40), NOW)
    dispatch.run(NOW, 1_000)
    assert statuses() == {"QUEUED": 40}
    assert set(Message.objects.values_list("tries", flat=True)) == {0}
    account = Account.objects.get()
    assert account.blocked_until is not None
    assert abs((account.blocked_until - NOW).total_seconds() - rest) < 1
    assert Attempt.objects.count() <= 16
    dispatch.run(NOW, 1_000)
    assert Attempt.objects.count() <= 16
    sandbox.reset()
    dispatch.run(NOW + timedelta(seconds=rest + 5), 1_000)
    assert statuses() == {"SENT": 40}


def test_nobody_listening_is_no_loss(sandbox: SandboxClient, settings: Settings) -> None:
    account = sms_account(sandbox)
    queue(account, people(5), NOW)
    Account.objects.update(config={**account.config, "url": "http://127.0.0.1:9/gone"})
    settings.OUTBOUND_ALLOWED_HOSTS = [*settings.OUTBOUND_ALLOWED_HOSTS, "127.0.0.1:9"]
    dispatch.run(NOW, 1_000)
    assert statuses() == {"QUEUED": 5}
    assert set(Message.objects.values_list("tries", flat=True)) == {0}
    Account.objects.update(config=account.config)
    dispatch.run(NOW + timedelta(minutes=1), 1_000)
    assert statuses() == {"SENT": 5}


def test_a_disabled_account_keeps_its_messages(sandbox: SandboxClient) -> None:
    account = sms_account(sandbox)
    queue(account, people(5), NOW)
    Account.objects.update(enabled=False)
    dispatch.run(NOW, 1_000)
    assert statuses() == {"QUEUED": 5}
    Account.objects.update(enabled=True)
    dispatch.run(NOW, 1_000)
    assert statuses() == {"SENT": 5}


def test_messages_without_an_account_wait_for_one(sandbox: SandboxClient) -> None:
    queue(None, people(5), NOW)
    dispatch.run(NOW, 1_000)
    assert statuses() == {"QUEUED": 5}
    sms_account(sandbox)
    dispatch.run(NOW, 1_000)
    assert statuses() == {"SENT": 5}


def test_the_limit_bounds_a_run(sandbox: SandboxClient) -> None:
    queue(sms_account(sandbox), people(50), NOW)
    report = dispatch.run(NOW, 20)
    assert (report.done, report.more) == (20, True)
    assert statuses() == {"SENT": 20, "QUEUED": 30}


def test_the_rate_holds(sandbox: SandboxClient) -> None:
    queue(sms_account(sandbox, rate_per_second=20), people(50), NOW)
    started = time.monotonic()
    dispatch.run(NOW, 1_000)
    assert 1.3 < time.monotonic() - started < 3.5
    assert statuses() == {"SENT": 50}


def test_an_attempt_long_after_the_reservation_moves_it(sandbox: SandboxClient) -> None:
    with connection.cursor() as cursor:
        cursor.execute("""INSERT INTO cap (name, "limit", "window") VALUES ('a', 1, '"P7D"')""")
    queue(sms_account(sandbox), people(1), NOW)
    late = NOW + timedelta(hours=1)
    dispatch.run(late, 10)
    change = CapChange.objects.get()
    assert change.was == NOW
    assert change.becomes is not None
    assert timedelta() <= change.becomes - late < timedelta(seconds=5)


def test_calls_of_a_dead_worker_are_unknown_and_claims_are_owed_again(sandbox: SandboxClient) -> None:
    queue(sms_account(sandbox), people(4), NOW)
    first, second, *_ = Message.objects.order_by("id")
    Message.objects.filter(pk=first.pk).update(status=2, claimed_until=NOW, tries=1)
    Attempt.objects.create(message_id=first.pk, account_id=first.account_id or 0, opened_at=NOW)
    Message.objects.filter(pk=second.pk).update(status=1, claimed_until=NOW)
    dispatch.run(NOW, 1_000)
    assert statuses() == {"UNKNOWN": 1, "SENT": 3}
    assert Attempt.objects.get(message_id=first.pk).code == "worker_lost"


def test_calls_of_a_dead_worker_are_asked_about_where_that_is_possible(sandbox: SandboxClient) -> None:
    account = sms_account(sandbox, config={"ask_url": f"http://127.0.0.1:{sandbox.http_port}/sms/messages/{{key}}"})
    queue(account, people(2), NOW)
    dispatch.run(NOW, 1)
    for each in Message.objects.all():
        Message.objects.filter(pk=each.pk).update(status=2, claimed_until=NOW, tries=1)
        Attempt.objects.create(message_id=each.pk, account_id=account.pk, opened_at=NOW)
    dispatch.run(NOW, 1_000)
    dispatch.run(NOW + timedelta(minutes=1), 1_000)
    assert statuses() == {"SENT": 2}
    assert sandbox.count() == 2
