"""Test processes side by side never share a space of the broker."""

from __future__ import annotations

from tests.isolation import SPACES, own_space


def test_each_test_process_has_spaces_of_its_own() -> None:
    first, second = (own_space("redis://:pw@127.0.0.1:1/0", worker) for worker in ("gw0", "gw1"))
    assert first == "redis://:pw@127.0.0.1:1/0"
    assert second == f"redis://:pw@127.0.0.1:1/{SPACES}"
