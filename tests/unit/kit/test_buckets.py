"""Buckets are fixed for ever: these values may never change."""

from __future__ import annotations

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from itinera.kit.buckets import bucket, buckets

SALT = "6f1c0b2a9d3e4f5a8b7c6d5e4f3a2b1c"


def test_known_values() -> None:
    assert bucket(SALT, "cust-1") == 7403
    assert bucket(SALT, "客户-001") == 9880


@given(st.text(st.characters(codec="utf-8")), st.lists(st.text(st.characters(codec="utf-8"))))
def test_the_scheme(salt: str, units: list[str]) -> None:
    heads = [hashlib.sha256(f"{salt}.{unit}".encode()).digest()[:8] for unit in units]
    assert buckets(salt, units).tolist() == [int.from_bytes(head, "big") % 10_000 for head in heads]


def test_near_equal_salts_are_independent() -> None:
    units = [f"member_id:{number}" for number in range(40_000)]
    first, second = buckets("exp-42", units) < 5_000, buckets("exp-43", units) < 5_000
    both = (first & second).mean()
    assert abs(both - 0.25) < 0.01
