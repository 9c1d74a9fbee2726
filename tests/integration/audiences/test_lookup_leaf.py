"""Conditions asked of a look-up table: by attribute and by property, with the row as it is now."""

from __future__ import annotations

from typing import Any

import pytest

from audiences.models import LookupRow, LookupTable
from audiences.rules import (
    EventRows,
    Filter,
    check_rule,
    compile_rule,
    evaluate_filters,
    explain,
    load_catalogue,
    parse_rule,
)
from audiences.rules.evaluate import select_sql
from audiences.rules.people import People
from itinera.kit.wire import micros
from tests.integration.audiences.conftest import NOW, ZONE, Case, World

VIA = {"via": {"table": "products", "column": "category"}}
WIPES = {"property": "sku", **VIA, "op": "eq", "value": "湿巾类"}


@pytest.fixture
def shop(world: World) -> World:
    columns = [{"name": "category", "type": "text", "label": "品类"}, {"name": "price", "type": "money"}]
    table = LookupTable.objects.create(slug="products", label="商品", key="sku", columns=columns)
    rows = {"A": ("湿巾类", 9.9), "B": ("奶粉", 299), "1001": ("湿巾类", 5), "2.5": ("奶粉", 1)}
    LookupRow.objects.bulk_create(
        LookupRow(table=table, key=key, values={"category": category, "price": price}, updated_at=NOW)
        for key, (category, price) in rows.items()
    )
    return world


def bought(sku: Any, **more: Any) -> list[tuple[str, str, dict[str, Any]]]:
    return [("order_paid", "2026-03-14T10:00:00", {"sku": sku, **more})]


def test_a_property_is_looked_up(shop: World) -> None:
    rule = {"event": "order_paid", "where": [WIPES]}
    price = {"property": "sku", "via": {"table": "products", "column": "price"}, "op": "lt", "value": 10}
    spent = {"measure": "sum", "property": "amount", "op": "gte", "value": 30}
    shop.batch([
        Case(rule, True, did=bought("A")), Case(rule, False, did=bought("B")), Case(rule, False, did=bought("Z")),
        Case(rule, True, did=bought(1001)), Case(rule, False, did=bought(None)), Case(rule, False, did=bought(["A"])),
        Case({"event": "order_paid", "where": [WIPES, price]}, True, did=bought("A")),
        Case({"event": "order_paid", "where": [{**WIPES, "op": "ne"}]}, True, did=bought("Z")),
        Case({"event": "order_paid", "where": [{**WIPES, "op": "in", "value": ["湿巾类"]}]}, True, did=bought("A")),
        Case({**rule, **spent}, True, did=[*bought("A", amount=30), *bought("B", amount=99)]),
        Case({**rule, **spent}, False, did=[*bought("A", amount=29), *bought("B", amount=99)]),
        Case({"sequence": [{"event": "order_paid", "where": [WIPES]}]}, True, did=bought("A")),
    ])  # fmt: skip


def test_an_attribute_is_looked_up(shop: World) -> None:
    rule = {"attribute": "favourite", **VIA, "op": "eq", "value": "奶粉"}
    shop.batch([
        Case(rule, True, {"favourite": "B"}), Case(rule, False, {"favourite": "A"}),
        Case(rule, False, {"favourite": ""}), Case(rule, True, {"favourite": 2.50}),
        Case({**rule, "op": "ne"}, True, {"favourite": "nothing"}),
        Case({"attribute": "favourite", **VIA, "op": "not_set"}, True, {"favourite": "nothing"}),
    ])  # fmt: skip


def test_a_value_that_is_looked_up_is_compared_with_a_reference(shop: World) -> None:
    person = shop.person({"wanted": "湿巾类"})
    shop.did(person, "order_paid", "2026-03-14T10:00:00", sku="A")
    where = [{**WIPES, "value": {"of": "profile", "name": "wanted"}}]
    assert shop.holds({"event": "order_paid", "where": where}, person)


def test_the_row_counts_as_it_is_now(shop: World) -> None:
    person, rule = shop.person(), {"event": "order_paid", "where": [WIPES]}
    shop.did(person, "order_paid", "2026-03-14T10:00:00", sku="A")
    assert shop.holds(rule, person)
    LookupRow.objects.filter(key="A").update(values={"category": "奶粉"})
    assert not shop.holds(rule, person)


def test_everybody_and_events_at_hand_are_looked_up_too(shop: World) -> None:
    person = shop.person()
    shop.did(person, "order_paid", "2026-03-14T10:00:00", sku="A")
    compiled = compile_rule(parse_rule({"event": "order_paid", "where": [WIPES]}), load_catalogue(shop.cursor))
    shop.cursor.execute(*select_sql(compiled, NOW, ZONE))
    assert [number for number, _shard in shop.cursor.fetchall()] == [person]
    asked = People.alone(person, micros(NOW), ZONE)
    rows = EventRows(asked.profile.repeat(3), ['{"sku": "A"}', '{"sku": "B"}', "{}"], [None] * 3)
    found = evaluate_filters(shop.cursor, [Filter.model_validate(WIPES)], "order_paid", rows)
    assert found.tolist() == [True, False, False]


def test_words_name_the_column_by_its_label(shop: World) -> None:
    person = shop.person({"favourite": "B"})
    rule = parse_rule({"attribute": "favourite", **VIA, "op": "eq", "value": "湿巾类"})
    found = explain(shop.cursor, rule, People.alone(person, micros(NOW), ZONE))
    assert found.text == "favourite 对应的品类为 奶粉，要求 是 湿巾类"


def test_tables_and_columns_that_are_not_there_are_refused(shop: World) -> None:
    def problems(table: str, column: str, **condition: Any) -> list[tuple[str, str | None]]:
        part = {"property": "sku", "via": {"table": table, "column": column}, **condition}
        found = check_rule(parse_rule({"event": "message.sent", "where": [part]}), load_catalogue(shop.cursor))
        return [(each.code, each.path) for each in found if each.severity == "error"]

    assert problems("stores", "city", op="is_set") == [("unknown_table", "where[0].via.table")]
    assert problems("products", "size", op="is_set") == [("unknown_column", "where[0].via.column")]
    assert problems("products", "price", op="contains", value="9") == [("unknown_operator", "where[0].op")]
