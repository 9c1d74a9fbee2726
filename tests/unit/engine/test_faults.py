"""What is kept of a step that raised says where, and nothing about whom."""

from __future__ import annotations

import psycopg
import pytest

from journeys.engine.faults import WalkFailed, kind_of, trace_of

SECRET = "+8613812345678"


def _read() -> None:
    try:
        int(SECRET + "x")
    except ValueError as error:
        raise WalkFailed(3, "text", error) from error


def fall() -> WalkFailed:
    with pytest.raises(WalkFailed) as fallen:
        _read()
    return fallen.value


def test_an_error_names_version_node_and_kind() -> None:
    failed = fall()
    assert str(failed) == "version 3, node text: ValueError"
    assert (failed.version, failed.node) == (3, "text")
    assert str(WalkFailed(3, "", KeyError(SECRET))) == "version 3: KeyError"


def test_a_database_error_keeps_its_code() -> None:
    assert kind_of(psycopg.errors.NumericValueOutOfRange(SECRET)) == "NumericValueOutOfRange (22003)"
    assert kind_of(ValueError(SECRET)) == "ValueError"


def test_a_trace_shows_the_lines_of_every_cause_without_its_words() -> None:
    trace = trace_of(fall())
    assert SECRET not in trace
    assert "int(SECRET" in trace
    assert trace.index("ValueError") < trace.rindex("WalkFailed")
