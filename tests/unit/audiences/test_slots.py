"""Which property gets which column of an event, gives it up, and when another may have it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from audiences import slots
from audiences.slots import FILLING, READY, REST, chosen, columns, kept, settled
from itinera.kit.errors import Refusal

NOW = datetime(2026, 3, 15, 12, tzinfo=UTC)
LATER = NOW + REST


def listed(**types: str) -> list[dict[str, Any]]:
    return [{"name": name, "type": type_} for name, type_ in types.items()]


ORDER = listed(city="text", amount="money", first="boolean", quantity="number", store="text", tax="money")


def given(**held: str) -> dict[str, dict[str, str]]:
    return {column: {"property": name, "state": READY, "since": NOW.isoformat()} for column, name in held.items()}


def test_the_first_two_numbers_and_texts_get_columns() -> None:
    found = settled({}, [], ORDER, NOW)
    assert columns(found, FILLING) == {"n1": "amount", "n2": "quantity", "t1": "city", "t2": "store"}
    assert columns(found, READY) == {}


def test_what_was_only_seen_in_data_gets_none() -> None:
    assert settled({}, [], [{"name": "amount", "type": "number", "declared": False}], NOW) == {}


def test_declaring_the_same_again_changes_nothing() -> None:
    held = given(n1="amount")
    assert settled(held, ORDER, ORDER, NOW) == held


def test_a_property_that_is_added_later_gets_what_is_left() -> None:
    found = settled(given(n1="amount"), listed(amount="money"), listed(amount="money", tax="number", city="text"), NOW)
    assert columns(found, FILLING) == {"n2": "tax", "t1": "city"}
    assert columns(found, READY) == {"n1": "amount"}


def test_a_property_of_another_type_gives_its_column_up_and_gets_one_that_fits() -> None:
    found = settled(given(n1="code"), listed(code="number"), listed(code="text"), NOW)
    assert columns(found, FILLING, READY) == {"t1": "code"}
    assert found["n1"]["state"] == slots.GIVEN_UP


def test_a_column_rests_between_two_properties() -> None:
    found = settled(given(n1="code", n2="tax"), listed(code="number"), listed(code="text", tax="money"), NOW)
    more = listed(code="text", tax="money", amount="money")
    before = LATER - timedelta(microseconds=1)
    assert "amount" not in columns(settled(found, listed(code="text", tax="money"), more, before), FILLING).values()
    assert columns(settled(found, listed(code="text", tax="money"), more, LATER), FILLING)["n1"] == "amount"


def test_an_admin_can_move_columns_in_two_steps() -> None:
    held = given(n1="amount", t1="city")
    with pytest.raises(Refusal) as caught:
        chosen(held, {"n1": "tax", "t1": "city"}, ORDER, NOW)
    assert [(each.code, each.path) for each in caught.value.problems] == [("column_rests", "n1")]
    without = chosen(held, {"t1": "city"}, ORDER, NOW)
    assert columns(without, FILLING, READY) == {"t1": "city"}
    assert columns(chosen(without, {"n1": "tax", "t1": "city"}, ORDER, LATER), FILLING) == {"n1": "tax"}


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ({"n1": "nobody"}, "unknown_property"),
        ({"n1": "city"}, "wrong_type"),
        ({"t1": "amount"}, "wrong_type"),
        ({"n1": "amount", "n2": "amount"}, "twice"),
    ],
)
def test_a_choice_that_makes_no_sense_is_refused(wanted: dict[str, str], code: str) -> None:
    with pytest.raises(Refusal) as caught:
        chosen({}, wanted, ORDER, NOW)
    assert [each.code for each in caught.value.problems] == [code]


def test_a_long_text_is_cut_and_equals_neither_a_short_one_nor_another_long_one() -> None:
    longest = "客" * slots.LONGEST
    assert kept(longest) == longest
    one, other = kept(longest + "a"), kept(longest + "b")
    assert len(one) == len(other) == slots.LONGEST + 1
    assert one != other
