"""Contract: caps, and what `on_capped` does."""

from __future__ import annotations

from typing import Any

from tests.acceptance.drawing import Drawn, Json, draw, event, node, person, sms, start
from tests.acceptance.oracle.results import Results
from tests.acceptance.oracle.times import instant
from tests.acceptance.reading import left, messages, ways
from tests.acceptance.run import Replay

ALWAYS = {"policy": "always"}


def day(number: int, clock: str = "10:00") -> str:
    return f"2026-03-{number:02}T{clock}+08:00"


def cap(limit: int = 1, window: object = "P2D", *, only: Json | None = None) -> Json:
    return {"caps": [{"name": "cap", "limit": limit, "window": window, **(only or {})}]}


def sent(replay: Replay, workspace: Json, *days: str, last: Drawn | None = None, **config: Any) -> Results:
    """One SMS per event; whoever is capped leaves by `capped`."""
    canvas = draw(start(), last or sms(**config), reentry=ALWAYS)
    return replay([canvas], profiles=[person()], events=[event(at) for at in days], workspace=workspace)


def test_a_full_cap_refuses(replay: Replay) -> None:
    """§4: Cap `limit`, `window`; §3: `capped` gives `capped`."""
    results = sent(replay, cap(2), day(1), day(1, "11:00"), day(1, "12:00"))
    assert messages(results) == ["2026-03-01T02:00 sent", "2026-03-01T03:00 sent", "2026-03-01T04:00 capped:capped"]


def test_it_stops_counting_when_its_age_reaches_the_window(replay: Replay) -> None:
    """§4: It stops counting when its age reaches the window: exactly two days later there is room."""
    results = sent(replay, cap(), day(1), day(3, "09:59"), day(3))
    assert [line.split()[1] for line in messages(results)] == ["sent", "capped:capped", "sent"]


def test_a_calendar_day_begins_at_local_midnight(replay: Replay) -> None:
    """§4: `"window": {"calendar":"day"}`; zone: the profile's, else the journey's, else the workspace's."""
    results = sent(replay, cap(window={"calendar": "day"}), day(1, "10:00"), day(1, "23:59"), day(2, "00:00"))
    assert [line.split()[1] for line in messages(results)] == ["sent", "capped:capped", "sent"]


def test_a_capped_message_uses_nothing_up(replay: Replay) -> None:
    """§4: A message counts from the moment it is reserved for sending: one refused is not."""
    results = sent(replay, cap(), day(1), day(2), day(3), day(4))
    assert [line.split()[1] for line in messages(results)] == ["sent", "capped:capped", "sent", "capped:capped"]


def test_caps_of_another_channel_category_or_journey(replay: Replay) -> None:
    """§4: Cap `channel`, `category`, `journey`: null is any."""
    for only in ({"channel": "email"}, {"category": "service"}, {"journey": "another"}):
        assert len([m for m in messages(sent(replay, cap(only=only), day(1), day(1))) if "sent" in m]) == 2
    for only in ({"channel": "sms"}, {"category": "marketing"}, {"journey": "welcome"}):
        assert len([m for m in messages(sent(replay, cap(only=only), day(1), day(1))) if "sent" in m]) == 1


def test_all_matching_caps_must_have_room(replay: Replay) -> None:
    """§4: All matching caps must have room."""
    both = {"caps": [{"name": "a", "limit": 5, "window": "P9D"}, {"name": "b", "limit": 1, "window": "P1D"}]}
    results = sent(replay, both, day(1), day(1, "12:00"), day(2))
    assert [line.split()[1] for line in messages(results)] == ["sent", "capped:capped", "sent"]


def test_transactional_messages_do_not_use_up_caps(replay: Replay) -> None:
    """§3 fine print: Transactional messages do not use up caps."""
    canvas = draw(start(), sms("one", transactional=True), sms("two"))
    results = replay([canvas], profiles=[person()], events=[event(day(1))], workspace=cap())
    assert messages(results) == ["2026-03-01T02:00 sent", "2026-03-01T02:00 sent"]


def test_a_skipped_message_uses_nothing_up(replay: Replay) -> None:
    """§4: A message counts from the moment it is reserved for sending: one with a missing variable never is."""
    canvas = draw(start(), sms("one", text="{{ profile.city }}"), sms("two"))
    results = replay([canvas], profiles=[person()], events=[event(day(1))], workspace=cap())
    assert messages(results) == ["2026-03-01T02:00 skipped:missing_variable", "2026-03-01T02:00 sent"]


def test_capped_falls_back_to_next(replay: Replay) -> None:
    """§3: optional ports fall back to `next`; §3 fine print: `on_capped continue` is the default."""
    canvas = draw(start(), sms("one"), sms("two"), node("end", "exit"))
    results = replay([canvas], profiles=[person()], events=[event(day(1))], workspace=cap())
    assert ways(results) == "start:next one:next two:next end:-"


def capped(replay: Replay, workspace: Json, wired: bool = True, **config: Any) -> Results:
    """Two messages one after the other; the second meets a full cap."""
    ports: dict[str, str] = {"next": "end", "capped": "full"} if wired else {"next": "end"}
    tail = [node("end", "exit"), node("full", "exit")] if wired else [node("end", "exit")]
    canvas = draw(start(), sms("one"), sms("two", wired=ports, **config), *tail)
    return replay([canvas], profiles=[person()], events=[event(day(1))], workspace=workspace)


def test_the_capped_port(replay: Replay) -> None:
    """§3: `message` … ports `next`, `capped`."""
    assert ways(capped(replay, cap())) == "start:next one:next two:capped full:-"


def test_on_capped_exit_ends_as_completed(replay: Replay) -> None:
    """§3 fine print: … `on_capped exit` end as `completed`; the message is `capped`."""
    results = capped(replay, cap(), on_capped="exit")
    assert ways(results) == "start:next one:next two:-"
    assert messages(results)[1] == "2026-03-01T02:00 capped:capped"


def test_on_capped_hold_waits_for_room(replay: Replay) -> None:
    """§3: `on_capped hold` keeps the person at the node until a cap has room."""
    results = capped(replay, cap(), on_capped="hold", hold_for="P5D")
    assert messages(results) == ["2026-03-01T02:00 sent", "2026-03-03T02:00 sent"]
    assert ways(results) == "start:next one:next two:next end:-"
    assert left(results, "two") == "2026-03-03T02:00"


def test_hold_for_is_the_longest(replay: Replay) -> None:
    """§3: … at most `hold_for`, then takes port `capped`."""
    results = capped(replay, cap(), on_capped="hold", hold_for="P1D")
    assert messages(results)[1] == "2026-03-02T02:00 capped:capped"
    assert ways(results) == "start:next one:next two:capped full:-"


def test_the_last_instant_of_hold_for_is_included(replay: Replay) -> None:
    """§3 fine print: `hold_for` runs from the first refusal by a cap, its last instant included."""
    results = capped(replay, cap(), on_capped="hold", hold_for="P2D")
    assert messages(results)[1] == "2026-03-03T02:00 sent"


def test_hold_and_no_edge_for_capped(replay: Replay) -> None:
    """§3: … then takes port `capped`; optional ports fall back to `next`."""
    results = capped(replay, cap(), wired=False, on_capped="hold", hold_for="P1D")
    assert ways(results) == "start:next one:next two:next end:-"


QUIET = {"quiet_hours": [{"category": "marketing", "channel": None, "from": "21:00", "to": "08:00"}]}


def test_caps_are_asked_when_quiet_hours_end(replay: Replay) -> None:
    """§3: `on_quiet hold` keeps her there until quiet hours end; caps are asked then."""
    results = sent(replay, {**QUIET, **cap(window="PT9H30M")}, day(1, "20:59"), day(1, "22:00"))
    assert messages(results) == ["2026-03-01T12:59 sent", "2026-03-02T00:00 sent"]


def test_room_in_quiet_hours_waits_for_their_end(replay: Replay) -> None:
    """§3 fine print: Messages held are asked the whole policy on waking."""
    results = sent(
        replay, {**QUIET, **cap(window="PT3H")}, day(1, "19:00"), day(1, "20:00"), on_capped="hold", hold_for="P1D"
    )
    assert messages(results) == ["2026-03-01T11:00 sent", "2026-03-02T00:00 sent"]


def test_held_people_take_room_by_priority(replay: Replay) -> None:
    """§3 fine print: On the same … due instant the journey of higher priority goes first."""
    hold = {"on_capped": "hold", "hold_for": "P9D"}
    canvases = [draw(start(), sms(**hold), slug="low", priority=1), draw(start(), sms(**hold), slug="high", priority=2)]
    canvases += [draw(start("login"), sms(), slug="first")]
    lines = [event(day(1, "09:00"), "login"), event(day(1))]
    results = replay(canvases, profiles=[person()], events=lines, workspace=cap())
    assert [(m["journey"], m["at"][:10]) for m in results.messages] == [
        ("first", "2026-03-01"),
        ("high", "2026-03-03"),
        ("low", "2026-03-05"),
    ]


def test_still_held_at_until(replay: Replay) -> None:
    """§5: `held` appears only for one still held at `--until`; `at` is when it would leave."""
    canvas = draw(start(), sms())
    at = day(1, "22:00")
    results = replay([canvas], profiles=[person()], events=[event(at)], workspace=QUIET, until=instant(day(2, "07:00")))
    assert messages(results) == ["2026-03-02T00:00 held:quiet_hours"]
    assert left(results, "text") is None
