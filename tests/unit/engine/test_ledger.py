"""Counters and codes: packed into one number each, and unpacked again."""

from __future__ import annotations

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from journeys.engine.ledger import LEFT, PORT_BITS, WAITS, Ledger, encode

shards = st.integers(0, 63)
versions = st.integers(1, 2**24 - 1)
nodes = st.integers(0, 511)
ports = st.integers(0, 61)
moves = st.lists(st.tuples(shards, versions, st.integers(-2, 511), st.integers(-2, 61)), max_size=30)


@given(moves)
def test_every_counter_is_found_again_in_key_order(found: list[tuple[int, int, int, int]]) -> None:
    ledger = Ledger()
    for shard, version, node, port in found:
        ledger.count(np.array([shard], dtype=np.int16), version, node, port)
    *columns, n = ledger.tallies()
    keys = list(zip(*(column.tolist() for column in columns), strict=True))
    assert dict(zip(keys, n.tolist(), strict=True)) == Counter(found)
    assert keys == sorted(keys)


def test_columns_of_people_are_counted_together() -> None:
    ledger = Ledger()
    here = np.array([1, 1, 2], dtype=np.int16)
    ledger.arrive(here, 7, 3)
    ledger.count(here, 7, np.array([3, 3, 3]), np.array([0, 1, 0]))
    ledger.gone(here[:1], 7, 3)
    ledger.exit(here, 7, 9)
    ledger.goal(here[2:], 7)
    rows = [tuple(int(value) for value in row) for row in zip(*ledger.tallies(), strict=True)]
    assert rows == [
        (1, 7, -1, 9, 2), (1, 7, 3, -2, 1), (1, 7, 3, -1, 2), (1, 7, 3, 0, 1), (1, 7, 3, 1, 1),
        (2, 7, -2, 0, 1), (2, 7, -1, 9, 1), (2, 7, 3, -1, 1), (2, 7, 3, 0, 1),
    ]  # fmt: skip
    assert list(ledger.touched_versions()) == [7]


def test_an_empty_ledger_counts_nothing() -> None:
    assert [len(column) for column in Ledger().tallies()] == [0] * 5
    assert list(Ledger().touched_versions()) == []


@given(nodes, st.one_of(ports, st.sampled_from([LEFT, WAITS])))
def test_a_path_code_holds_node_and_port(node: int, port: int) -> None:
    code = int(encode(node, port))
    assert (code >> PORT_BITS, code & (1 << PORT_BITS) - 1) == (node, port)
