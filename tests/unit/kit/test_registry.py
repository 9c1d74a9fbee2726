"""A registry refuses duplicates and, once closed, everything."""

import pytest

from itinera.kit.registry import Registry


def test_items_come_back_in_the_order_of_registration() -> None:
    kinds: Registry[int] = Registry("kinds")
    assert [kinds.register(key, n) for n, key in enumerate("bac")] == [0, 1, 2]
    assert list(kinds.items()) == [("b", 0), ("a", 1), ("c", 2)]
    assert "a" in kinds
    assert len(kinds) == 3


def test_a_taken_key_is_refused_and_the_first_stays() -> None:
    kinds: Registry[int] = Registry("kinds")
    kinds.register("a", 1)
    with pytest.raises(ValueError, match="already has 'a'"):
        kinds.register("a", 2)
    assert kinds["a"] == 1


def test_after_the_start_nothing_can_be_added() -> None:
    kinds: Registry[int] = Registry("kinds")
    kinds.freeze()
    with pytest.raises(ValueError, match="closed"):
        kinds.register("late", 1)


def test_an_unknown_key_is_told_with_what_is_known() -> None:
    kinds: Registry[int] = Registry("kinds")
    kinds.register("a", 1)
    with pytest.raises(KeyError, match="kinds has no 'b'; it knows a"):
        kinds["b"]


def test_discovery_imports_every_module_of_a_package() -> None:
    import sys

    sys.modules.pop("itinera.kit.durations", None)
    Registry[int]("modules").discover("itinera.kit")
    assert "itinera.kit.durations" in sys.modules
