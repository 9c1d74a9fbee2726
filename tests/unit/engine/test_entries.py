"""The day of entries: whatever the zone, it is made of whole quarters of an hour."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

from hypothesis import example, given
from hypothesis import strategies as st

from journeys.entries import day_begins

ZONES = sorted(available_timezones())
moments = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  # made aware


@given(moments, st.sampled_from(ZONES))
@example(datetime(2026, 11, 1, 4, 30, tzinfo=UTC), "America/Havana")  # midnight comes twice
@example(datetime(2018, 11, 4, 12, 0, tzinfo=UTC), "America/Sao_Paulo")  # midnight is skipped
@example(datetime(2026, 11, 20, 18, 20, tzinfo=UTC), "Asia/Kathmandu")
def test_a_day_begins_with_a_quarter_in_every_zone(now: datetime, zone: str) -> None:
    begins, local = day_begins(now, zone), ZoneInfo(zone)
    assert begins.timestamp() % 900 == 0
    assert begins <= now < begins + timedelta(hours=25, minutes=1)
    assert begins.astimezone(local).date() == now.astimezone(local).date()
    assert (begins - timedelta(microseconds=1)).astimezone(local).date() < now.astimezone(local).date()
