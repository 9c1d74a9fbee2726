"""When a reservation stops counting."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from channels_out.windows import CapWindow
from itinera.kit.wire import micros, moment
from itinera.kit.zones import ZoneArray

SHANGHAI = "Asia/Shanghai"


@pytest.mark.parametrize(
    ("window", "at", "over"),
    [
        ("P7D", "2026-11-20 10:00", "2026-11-27 10:00"),
        ("PT90M", "2026-11-20 23:30", "2026-11-21 01:00"),
        ("P1M", "2026-01-31 10:00", "2026-02-28 10:00"),
        ({"calendar": "day"}, "2026-11-20 00:00", "2026-11-21 00:00"),
        ({"calendar": "day"}, "2026-11-20 23:59", "2026-11-21 00:00"),
        ({"calendar": "week"}, "2026-11-20 10:00", "2026-11-23 00:00"),
        ({"calendar": "week"}, "2026-11-23 00:00", "2026-11-30 00:00"),
        ({"calendar": "month"}, "2026-12-31 23:59", "2027-01-01 00:00"),
        ({"calendar": "quarter"}, "2026-11-20 10:00", "2027-01-01 00:00"),
        ({"calendar": "quarter"}, "2026-03-31 23:00", "2026-04-01 00:00"),
        ({"calendar": "year"}, "2026-01-01 00:00", "2027-01-01 00:00"),
        ({"calendar": "day"}, "1969-12-31 12:00", "1970-01-01 00:00"),
    ],
)
def test_a_reservation_counts_until(window: object, at: str, over: str) -> None:
    made = micros(datetime.fromisoformat(at).replace(tzinfo=ZoneInfo(SHANGHAI)))
    (found,) = CapWindow.of(window).counts_until(np.array([made]), ZoneArray.same(SHANGHAI, 1))
    assert moment(found).astimezone(ZoneInfo(SHANGHAI)).replace(tzinfo=None) == datetime.fromisoformat(over)


@pytest.mark.parametrize("window", ["P0D", "-P1D", "a week", {"calendar": "fortnight"}, {}, 7, None])
def test_what_is_no_window_is_refused(window: object) -> None:
    with pytest.raises(ValueError, match=r".+"):
        CapWindow.of(window)
