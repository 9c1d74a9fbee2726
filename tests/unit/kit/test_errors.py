"""Refusals are data that survive the trip to another process."""

import pickle

import pytest

from itinera.kit.errors import Problem, Refusal


def test_a_problem_tells_only_what_is_known() -> None:
    assert Problem("cycle", "A loop.", node="c1").as_dict() == {
        "code": "cycle",
        "detail": "A loop.",
        "node": "c1",
        "severity": "error",
    }


def test_a_refusal_holds_one_problem_or_many() -> None:
    one = Problem("a", "First.")
    assert Refusal(one).problems == (one,)
    assert Refusal([one, Problem("b", "Second.")], status=409).status == 409


def test_a_refusal_without_a_reason_is_a_bug() -> None:
    with pytest.raises(ValueError, match="at least one"):
        Refusal([])


def test_a_refusal_reads_as_its_reasons() -> None:
    assert str(Refusal.because("paused", "The journey is paused.")) == "paused: The journey is paused."


def test_a_refusal_crosses_process_borders() -> None:
    sent = Refusal.because("paused", "Stopped.", path="nodes[1]", status=409)
    back = pickle.loads(pickle.dumps(sent))
    assert (back.problems, back.status) == (sent.problems, 409)
