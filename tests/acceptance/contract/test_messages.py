"""Contract, node `message`: the order of policy, and what each refusal does to the walk."""

from __future__ import annotations

from typing import Any

import pytest

from tests.acceptance.drawing import ON, Json, draw, event, node, person, sms, start
from tests.acceptance.oracle.results import Results
from tests.acceptance.reading import left, messages, ways
from tests.acceptance.run import Replay

NOON, NIGHT = "2026-03-01T12:00+08:00", "2026-03-01T22:30+08:00"
QUIET = {"quiet_hours": [{"category": "marketing", "channel": None, "from": "21:00", "to": "08:00"}]}
OFF = {"sms": {"marketing": False}}


def send(
    replay: Replay, at: str = NOON, who: Json | None = None, workspace: Json | None = None, **config: Any
) -> Results:
    """One SMS, with its ports drawn to exits of their own names."""
    ends = {port: port for port in ("next", "capped", "unreachable")}
    canvas = draw(start(), sms(wired=ends, **config), *(node(port, "exit") for port in ends))
    return replay([canvas], profiles=[who or person()], events=[event(at)], workspace=workspace or {})


def test_a_message_leaves_at_once(replay: Replay) -> None:
    """§3: The person goes on from `message` at once … §3 fine print: what policy lets through counts as delivered."""
    results = send(replay)
    assert (messages(results), ways(results)) == (["2026-03-01T04:00 sent"], "start:next text:next next:-")


def test_no_address_is_unreachable(replay: Replay) -> None:
    """§3: `no_address` … give status `unreachable`; §3 fine print: sms: `phone`."""
    results = send(replay, who={"member_id": "M1", "identities": {"email": "a@example.test"}, "consent": ON})
    assert messages(results) == ["2026-03-01T04:00 unreachable:no_address"]
    assert ways(results) == "start:next text:unreachable unreachable:-"


def test_an_email_needs_an_email_address(replay: Replay) -> None:
    """§3 fine print: Addresses. email: `email`."""
    content = {"subject": "hello", "text": "you"}
    canvas = draw(start(), node("mail", "message", {"channel": "email", "content": content}))
    who = {"member_id": "M1", "identities": {"phone": "+8613900000001"}, "consent": ON}
    results = replay([canvas], profiles=[who], events=[event(NOON)])
    assert messages(results) == ["2026-03-01T04:00 unreachable:no_address"]


def test_suppressed_is_unreachable(replay: Replay) -> None:
    """§3 fine print: `"suppressed": ["sms"]` on a profile line suppresses."""
    assert messages(send(replay, who=person(suppressed=["sms"]))) == ["2026-03-01T04:00 unreachable:suppressed"]


def test_suppressed_comes_before_consent(replay: Replay) -> None:
    """§3: Policy is asked in this order: … `suppressed`, `opted_out` …"""
    assert messages(send(replay, who=person(suppressed=["sms"], consent=OFF)))[0].endswith("suppressed")


def test_no_address_comes_before_suppressed(replay: Replay) -> None:
    """§3: Policy is asked in this order: … `no_address`, `suppressed` …"""
    assert messages(send(replay, who={"member_id": "M1", "suppressed": ["sms"]}))[0].endswith("no_address")


def test_withdrawn_consent_is_opted_out(replay: Replay) -> None:
    """§3 fine print: Withdrawn consent is `opted_out` … `skipped` leaves by `next`."""
    results = send(replay, who=person(consent=OFF))
    assert messages(results) == ["2026-03-01T04:00 skipped:opted_out"]
    assert ways(results) == "start:next text:next next:-"


def test_unknown_consent_refuses_marketing(replay: Replay) -> None:
    """§3: Consent `unknown` refuses for category `marketing`."""
    assert messages(send(replay, who=person(consent={}))) == ["2026-03-01T04:00 skipped:no_consent"]


def test_unknown_consent_allows_other_categories(replay: Replay) -> None:
    """§3: Consent `unknown` refuses for category `marketing`, allows otherwise."""
    assert messages(send(replay, who=person(consent={}), category="service")) == ["2026-03-01T04:00 sent"]


def test_withdrawn_consent_refuses_other_categories_too(replay: Replay) -> None:
    """§3 fine print: Withdrawn consent is `opted_out`, whatever the category."""
    who = person(consent={"sms": {"service": False}})
    assert messages(send(replay, who=who, category="service")) == ["2026-03-01T04:00 skipped:opted_out"]


def test_consent_comes_before_quiet_hours(replay: Replay) -> None:
    """§3: Policy is asked in this order: … `no_consent`, `quiet_hours` …"""
    results = send(replay, NIGHT, person(consent={}), QUIET)
    assert messages(results) == ["2026-03-01T14:30 skipped:no_consent"]


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-03-01T20:59:59+08:00", "2026-03-01T12:59:59"),
        ("2026-03-01T21:00+08:00", "2026-03-02T00:00"),
        ("2026-03-02T07:59:59+08:00", "2026-03-02T00:00"),
        ("2026-03-02T08:00+08:00", "2026-03-02T00:00"),
    ],
)
def test_quiet_hours_hold_until_they_end(replay: Replay, at: str, expected: str) -> None:
    """§3 fine print: `on_quiet hold` is the default: until quiet hours end. §1: half-open. §4: may cross midnight."""
    assert messages(send(replay, at, workspace=QUIET)) == [f"{expected} sent"]


def test_a_held_person_stays_at_the_node(replay: Replay) -> None:
    """§3: `on_quiet hold` keeps her there until quiet hours end."""
    assert left(send(replay, NIGHT, workspace=QUIET), "text") == "2026-03-02T00:00"


def test_quiet_hours_drop(replay: Replay) -> None:
    """§3: `on_quiet hold|drop`: the others give `skipped`."""
    results = send(replay, NIGHT, workspace=QUIET, on_quiet="drop")
    assert messages(results) == ["2026-03-01T14:30 skipped:quiet_hours"]


def test_quiet_hours_are_in_the_profiles_zone(replay: Replay) -> None:
    """§4: Quiet hours … in the profile's zone."""
    assert messages(send(replay, NIGHT, person(zone="Europe/London"), QUIET)) == ["2026-03-01T14:30 sent"]


def test_quiet_hours_of_another_category(replay: Replay) -> None:
    """§4: Quiet hours: `"category"`."""
    assert messages(send(replay, NIGHT, workspace=QUIET, category="service")) == ["2026-03-01T14:30 sent"]


def test_quiet_hours_of_another_channel(replay: Replay) -> None:
    """§4: Quiet hours: `"channel"`."""
    hours = {"quiet_hours": [{**QUIET["quiet_hours"][0], "channel": "email"}]}
    assert messages(send(replay, NIGHT, workspace=hours)) == ["2026-03-01T14:30 sent"]


def test_quiet_dates_add_whole_days(replay: Replay) -> None:
    """§4: `"dates": [["2026-10-01","2026-10-07"]]` adds whole days: the seven of the National Day."""
    hours = {"quiet_hours": [{**QUIET["quiet_hours"][0], "dates": [["2026-10-01", "2026-10-07"]]}]}
    results = send(replay, "2026-10-07T12:00+08:00", workspace=hours)
    assert messages(results) == ["2026-10-08T00:00 sent"]


def test_transactional_passes_consent_and_quiet_hours(replay: Replay) -> None:
    """§3: `transactional` messages pass consent, quiet hours and caps …"""
    results = send(replay, NIGHT, person(consent=OFF), QUIET, transactional=True)
    assert messages(results) == ["2026-03-01T14:30 sent"]


def test_transactional_does_not_pass_suppression(replay: Replay) -> None:
    """§3: … but not suppression."""
    results = send(replay, who=person(suppressed=["sms"]), transactional=True)
    assert messages(results) == ["2026-03-01T04:00 unreachable:suppressed"]


def test_held_messages_are_asked_the_whole_policy_again(replay: Replay) -> None:
    """§3 fine print: Messages held are asked the whole policy on waking."""
    later = {"member_id": "M1", "consent": OFF, "updated": "2026-03-02T01:00+08:00"}
    canvas = draw(start(), sms())
    results = replay([canvas], profiles=[person(), later], events=[event(NIGHT)], workspace=QUIET)
    assert messages(results) == ["2026-03-02T00:00 skipped:opted_out"]


def test_a_walk_that_ends_while_held_leaves_no_message(replay: Replay) -> None:
    """§3 fine print: a walk that ends while held leaves no message."""
    canvas = draw(start(), sms(), exit_when=[{"event": "unsubscribed"}])
    lines = [event(NIGHT), event("2026-03-02T02:00+08:00", "unsubscribed")]
    results = replay([canvas], profiles=[person()], events=lines, workspace=QUIET)
    assert (messages(results), ways(results)) == ([], "start:next text:-")


def test_time_held_is_no_age(replay: Replay) -> None:
    """§3 fine print: Time held is no age: `stale_after` counts from the instant policy let the message through."""
    assert messages(send(replay, NIGHT, workspace=QUIET, stale_after="PT1H")) == ["2026-03-02T00:00 sent"]


def test_variables_are_filled_in(replay: Replay) -> None:
    """Brief of the oracle: `{{ namespace.name }}`, with a default; attributes are those of the instant it leaves."""
    text = '{{ profile.name | default("friend") }}: {{ entry.amount }}, {{ profile.city | default("here") }}'
    canvas = draw(start(), sms(text=text))
    results = replay([canvas], profiles=[person(attributes={"name": "Li"})], events=[event(NOON, amount=9.5)])
    assert results.messages[0]["content"] == {"text": "Li: 9.5, here"}


def test_a_missing_variable_never_reaches_a_customer(replay: Replay) -> None:
    """Product C2: a missing variable never reaches a customer: skipped, by `next`."""
    results = send(replay, text="{{ profile.city }}")
    assert messages(results) == ["2026-03-01T04:00 skipped:missing_variable"]
    assert ways(results) == "start:next text:next next:-"
