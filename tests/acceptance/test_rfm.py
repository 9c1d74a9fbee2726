"""RFM over a real year of orders, worked out a second time with pandas: every customer, every score, every segment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest
from django.db import connection

from audiences.ingest import ingest_events, ingest_profiles
from audiences.models import Identity, Profile, Segmentation, SegmentationRun
from audiences.refreshing import scope_at
from audiences.segmentations import actions, snapshots
from audiences.segmentations.base import TYPES
from audiences.segmentations.documents import read_segmentation
from audiences.segmentations.types.rfm import bands
from audiences.stretches import Stretch
from itinera.kit import jobs
from itinera.kit.wire import django_cursor
from tests.acceptance.shop import shop

pytestmark = pytest.mark.django_db
NOW = datetime(2011, 12, 9, 20, tzinfo=UTC)  # 4 o'clock of the next day in Shanghai
ZONE = "Asia/Shanghai"


@pytest.fixture
def orders() -> pd.DataFrame:
    """The shop's customers and orders, taken in as they would be; a row per order, with who bought."""
    found = shop()
    for first in range(0, len(found.profiles), 1000):
        assert not ingest_profiles(found.profiles[first : first + 1000], now=NOW, source="test").rejected
    for first in range(0, len(found.events), 1000):
        assert not ingest_events(found.events[first : first + 1000], now=NOW, source="test").rejected
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE event, profile")
    members = dict(Identity.objects.filter(kind="member_id").values_list("value", "profile_id"))
    table = pd.DataFrame(
        [(members[e["member_id"]], e["time"], e["properties"]["amount"]) for e in found.events],
        columns=["id", "time", "amount"],
    )
    table["time"] = pd.to_datetime(table["time"], utc=True, format="ISO8601")
    return table[table["time"] <= NOW]


def expected(orders: pd.DataFrame, window: timedelta | None, bands: int) -> pd.DataFrame:
    """R, F, M, their bands and the segment of everybody who bought, by pandas alone."""
    day = orders["time"].dt.tz_convert(ZONE).dt.tz_localize(None).dt.normalize()
    today = pd.Timestamp(NOW).tz_convert(ZONE).tz_localize(None).normalize()
    lately = orders if window is None else orders[orders["time"] >= NOW - window]
    found = pd.DataFrame({"recency": (today - day.groupby(orders["id"]).max()).dt.days})
    found["frequency"] = lately.groupby("id").size().reindex(found.index, fill_value=0)
    cents = (lately["amount"] * 100).round().astype(int)
    found["money"] = (cents.groupby(lately["id"]).sum() / 100).reindex(found.index, fill_value=0)
    inside = found["frequency"] > 0
    for name in ("recency", "frequency", "money"):
        ranks = found.loc[inside, name].rank(method="average", ascending=name != "recency")
        found.loc[inside, f"{name}_band"] = 1 + (bands * (2 * ranks - 1)) // (2 * inside.sum())
    found["segment"] = [by_hand(row, bands) if row["frequency"] else "lost" for _, row in found.iterrows()]
    return found.sort_index()


def by_hand(row: pd.Series[Any], bands: int) -> str:
    """The segment of a buyer by the words of the table: what is high, in the middle, low."""
    high, low = {3: (3, 1), 4: (3, 1), 5: (4, 2)}[bands]
    r, f, m = (
        "high" if row[f"{name}_band"] >= high else "low" if row[f"{name}_band"] <= low else "middle"
        for name in ("recency", "frequency", "money")
    )
    if r == "high":
        return "promising" if f != "high" else "champions" if m == "high" else "loyal"
    if r == "middle":
        return "sleepers" if (f, m) == ("low", "low") else "need_attention"
    return "cannot_lose" if "high" in (f, m) else "sleepers" if "middle" in (f, m) else "lost"


def ours(run: SegmentationRun) -> pd.DataFrame:
    """The same columns from the statement, the cuts and the bitmaps of a run."""
    kind = TYPES["rfm"]
    config = kind.read(run.config)
    table = kind.measure(config, scope_at(django_cursor(), run.at, "consumer"), Stretch(1, 10**9))  # type: ignore[attr-defined]
    graded = bands(run.cuts, table)
    found = pd.DataFrame(
        {"id": table["id"], **{n: table[n] for n in graded}, **{f"{n}_band": graded[n] for n in graded}}
    ).set_index("id")
    for cell, members in snapshots.members(run).items():
        found.loc[members.ids(), "segment"] = cell
    return found.sort_index()


@pytest.mark.parametrize(
    ("settings", "window", "count"),
    [({}, None, 5), ({"window": "P90D", "bands": {"quantiles": 4}}, timedelta(days=90), 4)],
)
def test_every_customer_has_the_scores_and_the_segment_that_pandas_finds(
    orders: pd.DataFrame, settings: dict[str, Any], window: timedelta | None, count: int
) -> None:
    entry = read_segmentation({"slug": "rfm", "name": "RFM", "type": "rfm", "config": settings})
    actions.run(None, actions.save(None, entry).segmentation, NOW)
    jobs.run(NOW)
    run = Segmentation.objects.get().runs.get()
    wanted, found = expected(orders, window, count), ours(run)

    assert run.people == len(found) == Profile.objects.count()
    found = found[found["recency"] >= 0]
    inside = wanted["frequency"] > 0
    assert found.index.tolist() == wanted.index.tolist()
    for name in ("recency", "frequency", "segment"):
        assert found[name].tolist() == wanted[name].tolist(), name
    assert np.allclose(found["money"], wanted["money"], rtol=0, atol=1e-6)
    for name in ("recency_band", "frequency_band", "money_band"):
        assert found.loc[inside, name].tolist() == wanted.loc[inside, name].tolist(), name
    tagged = dict(Profile.objects.values_list("id", "tags__rfm"))
    assert [tagged[number] for number in wanted.index] == wanted["segment"].tolist()
    assert sum(run.sizes.values()) == run.people
