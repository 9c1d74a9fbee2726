"""What becomes of a person at a message, given policy's verdict."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from channels_out.verdicts import Verdict
from itinera.kit.durations import Duration
from itinera.kit.wire import NEVER
from journeys.nodes import NODES
from journeys.nodes.base import ANSWERED, ARRIVES, DUE, EXIT, WAIT
from journeys.nodes.effects import SendMessage
from journeys.nodes.message import CAPPED, FAILED, NEXT, OUTCOME_FAILED, OUTCOME_SENT, UNREACHABLE
from tests.unit.nodes.people import decide, instants, step, wall

NOON, EVENING = wall("2026-11-02 12:00"), wall("2026-11-02 20:00")
SMS = {"channel": "sms", "content": {"text": "你好"}}
ALL = ("next", "capped", "unreachable", "failed")


def _people(*verdicts: Verdict, **more: Any) -> Any:
    return step(
        [NOON] * len(verdicts),
        verdict=np.array(verdicts, dtype=np.int8),
        held_until=instants([EVENING if each == Verdict.HOLD else None for each in verdicts]),
        **more,
    )


def test_unwired_ways_fall_back_to_next() -> None:
    decision = decide("message", SMS, _people(*Verdict), "next")
    assert decision.port.tolist() == [NEXT, WAIT, NEXT, NEXT, NEXT]
    assert decision.until.tolist() == [NEVER, *instants([EVENING]).tolist(), NEVER, NEVER, NEVER]


def test_wired_ways_are_taken_and_failed_makes_her_wait_for_the_outcome() -> None:
    decision = decide("message", SMS, _people(*Verdict), *ALL)
    assert decision.port.tolist() == [WAIT, WAIT, NEXT, CAPPED, UNREACHABLE]
    assert decision.until.tolist() == [NEVER, *instants([EVENING]).tolist(), NEVER, NEVER, NEVER]


def test_a_full_cap_may_end_the_walk() -> None:
    config = {**SMS, "on_capped": "exit"}
    assert decide("message", config, _people(Verdict.CAPPED), *ALL).port.tolist() == [EXIT]


@pytest.mark.parametrize(("answer", "port"), [(OUTCOME_SENT, NEXT), (OUTCOME_FAILED, FAILED), (7, NEXT)])
def test_the_outcome_decides_for_those_who_waited_for_it(answer: int, port: int) -> None:
    people = _people(
        Verdict.SEND, resumed=np.array([ANSWERED], dtype=np.int8), answer=np.array([answer], dtype=np.int16)
    )
    decision = decide("message", SMS, people, *ALL)
    assert decision.port.tolist() == [port]
    assert decision.until.tolist() == [NEVER]
    assert [effect.rows.tolist() for effect in decision.effects if isinstance(effect, SendMessage)] == [[]]


def test_only_what_is_decided_is_written() -> None:
    people = _people(
        Verdict.HOLD, Verdict.SEND, Verdict.SKIPPED, Verdict.SEND,
        resumed=np.array([DUE, DUE, ARRIVES, ANSWERED], dtype=np.int8),
        answer=np.array([-1, -1, -1, OUTCOME_SENT], dtype=np.int16),
    )  # fmt: skip
    (effect,) = decide("message", SMS, people, *ALL).effects
    assert isinstance(effect, SendMessage)
    assert effect.rows.tolist() == [1, 2]


def test_what_it_asks_for_has_the_defaults_of_the_contract() -> None:
    node = NODES["message"]
    config = node.Config.model_validate(SMS)
    need = node.needs(config, frozenset({"next"})).message
    assert need is not None
    assert (need.on_capped, need.on_quiet, need.stale_after) == ("continue", "hold", Duration.parse("P1D"))
    assert (need.category, need.account, need.transactional, need.wants_outcome) == (None, None, False, False)
    wired = node.needs(config, frozenset(ALL)).message
    assert wired is not None
    assert wired.wants_outcome


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"content": None}, "no_content"), ({"content": {}}, "no_content"), ({"template": "t"}, "not_supported"),
        ({"channel": "push"}, "not_supported"), ({"channel": "pigeon"}, "unknown_channel"),
        ({"hold_for": "P1M"}, "bad_duration"), ({"stale_after": "-P1D"}, "bad_duration"),
        ({"transactional": "yes"}, "bool_type"), ({"category": "Big Sale"}, "bad_slug"), ({"cc": 1}, "extra_forbidden"),
    ],
)  # fmt: skip
def test_refused_settings(change: dict[str, Any], code: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        NODES["message"].Config.model_validate({**SMS, **change})
    assert code in [each["type"] for each in refusal.value.errors()]


rows = st.tuples(st.sampled_from(list(Verdict)), st.sampled_from([ARRIVES, DUE, ANSWERED]), st.integers(0, 1))


@given(
    st.lists(rows, max_size=20),
    st.sets(st.sampled_from(ALL[1:])),
    st.sampled_from(["continue", "hold", "exit"]),
)
def test_a_crowd_goes_as_each_would_alone(
    crowd: list[tuple[Verdict, int, int]], wired: set[str], on_capped: str
) -> None:
    people = _people(
        *(verdict for verdict, _, _ in crowd),
        resumed=np.array([resumed for _, resumed, _ in crowd], dtype=np.int8),
        answer=np.array([answer for _, _, answer in crowd], dtype=np.int16),
    )
    decision = decide("message", {**SMS, "on_capped": on_capped}, people, "next", *wired)

    def way(port: str) -> int:
        return ALL.index(port) if port in wired else NEXT

    for row, (verdict, resumed, answer) in enumerate(crowd):
        if resumed == ANSWERED:
            expected = way("failed") if answer == OUTCOME_FAILED else NEXT
        elif verdict == Verdict.SEND:
            expected = WAIT if "failed" in wired else NEXT
        elif verdict == Verdict.HOLD:
            expected = WAIT
        elif verdict == Verdict.SKIPPED:
            expected = NEXT
        elif verdict == Verdict.CAPPED:
            expected = EXIT if on_capped == "exit" else way("capped")
        else:
            expected = way("unreachable")
        assert decision.port[row] == expected
