"""Rates shared by workers through the broker's Redis, and without it."""

from __future__ import annotations

import logging
import time

import pytest

from channels_out.rate import RateLimiter


def test_two_workers_share_one_rate() -> None:
    account = time.time_ns() % 1_000_000_007
    first, second = RateLimiter(), RateLimiter()
    taken = first.take(account, 50, 30) + second.take(account, 50, 30)
    assert taken == 50
    started, more = time.monotonic(), 0
    while time.monotonic() - started < 1:
        more += first.take(account, 50, 5) + second.take(account, 50, 5)
        time.sleep(0.02)
    assert 40 <= more <= 50 * (time.monotonic() - started) + 1


def test_a_slow_rate_still_sends() -> None:
    account = time.time_ns() % 1_000_000_007
    rates = RateLimiter()
    assert rates.take(account, 1, 5) == 1
    assert rates.take(account, 1, 5) == 0


def test_without_redis_a_worker_keeps_to_its_share_and_says_so(caplog: pytest.LogCaptureFixture) -> None:
    rates = RateLimiter(url="redis://127.0.0.1:9/0")
    started, taken = time.monotonic(), 0
    with caplog.at_level(logging.WARNING):
        while time.monotonic() - started < 1:
            taken += rates.take(1, 40, 40)
            time.sleep(0.02)
    assert 5 <= taken <= 12
    assert sum("rates are not shared" in each.message for each in caplog.records) == 1
