"""Schedules of beat as the admin reads them: in words, and in Chinese."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils.translation import override
from django_celery_beat.models import ClockedSchedule, CrontabSchedule, IntervalSchedule, PeriodicTask

from itinera.access.adminpages.timing import called, every, how_often
from itinera.celery import BEATS


@pytest.mark.parametrize(
    ("seconds", "chinese", "english"),
    [
        (1, "每 1 秒", "every second"),
        (5, "每 5 秒", "every 5 seconds"),
        (60, "每 1 分钟", "every minute"),
        (90, "每 90 秒", "every 90 seconds"),
        (3_600, "每 1 小时", "every hour"),
        (86_400, "每 1 天", "every day"),
        (172_800, "每 2 天", "every 2 days"),
        (0.5, "每 0.5 秒", "every 0.5 seconds"),
    ],
)
def test_a_span_is_told_in_its_largest_unit(seconds: float, chinese: str, english: str) -> None:
    span = timedelta(seconds=seconds)
    for language, words in (("zh-hans", chinese), ("en", english)):
        with override(language):
            assert every(span) == words


def test_every_kind_of_schedule_has_words() -> None:
    at = datetime(2026, 11, 28, 22, 25, 9, tzinfo=UTC)
    daily = CrontabSchedule(minute="0", hour="10", timezone="Asia/Shanghai")
    mondays = CrontabSchedule(minute="*/5", hour="9", day_of_week="1", timezone="Asia/Shanghai")
    tasks = [
        PeriodicTask(interval=IntervalSchedule(every=5, period="seconds")),
        PeriodicTask(clocked=ClockedSchedule(clocked_time=at)),
        PeriodicTask(crontab=daily),
        PeriodicTask(crontab=mondays),
        PeriodicTask(),
    ]
    with override("zh-hans"):
        told = [how_often(task) for task in tasks]
    assert told == [
        "每 5 秒", "2026-11-29 06:25 一次", "每天 10:00 · Asia/Shanghai", "*/5 9 * * 1 · Asia/Shanghai", "",
    ]  # fmt: skip


def test_every_tick_of_ours_has_a_chinese_name_and_a_journeys_schedule_says_whose_it_is() -> None:
    with override("zh-hans"):
        names = [called(PeriodicTask(name=beat.name)) for beat in BEATS]
        assert [name for name in names if not any("\u4e00" <= letter <= "\u9fff" for letter in name)] == []
        assert called(PeriodicTask(name="journey winback daily")) == "旅程 winback：daily"
        assert called(PeriodicTask(name="my own")) == "my own"
    with override("en"):
        assert called(PeriodicTask(name="journey winback daily")) == "Journey winback: daily"
