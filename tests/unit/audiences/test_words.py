"""Rules said in plain words, in both languages: operators, numbers, days, durations, windows, names and groups."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from django.utils import translation

from audiences.rules import Catalogue, describe, parse_rule
from audiences.rules.catalogue import Known, KnownAudience, KnownEvent, KnownTable, KnownTag
from audiences.rules.kinds import KINDS
from audiences.rules.words import duration_words, list_words, money_words, number_words, tidy
from itinera.kit.durations import Duration

SHOP = Catalogue(
    {"city": Known("text", True, "城市"), "born": Known("date", True, "生日"), "vip": Known("boolean", True)},
    {"order_paid": KnownEvent(1, True, {"amount": Known("money", True, "金额"), "sku": Known("text", True)}, "下单")},
    {"tier": KnownTag("text", "等级"), "fan": KnownTag(None, "粉丝")},
    {"big": KnownAudience(7, "高价值")},
    {"goods": KnownTable(3, {"kind": Known("text", True, "品类")}, "商品", "sku")},
)
PAID = {"event": "order_paid"}
SPENT = {**PAID, "measure": "sum", "property": "amount", "op": "gte", "value": 300}
BY_KIND = {"property": "sku", "via": {"table": "goods", "column": "kind"}, "op": "eq", "value": "湿巾类"}

SAID: list[tuple[dict[str, Any], str, str]] = [
    ({"attribute": "city", "op": "eq", "value": "上海"}, "城市 是 上海", "城市 is 上海"),
    ({"attribute": "city", "op": "in", "value": ["上海", "北京"]}, "城市 是 上海、北京 之一",
     "城市 is one of 上海, 北京"),
    ({"attribute": "city", "op": "not_set"}, "城市 没有值", "城市 is not set"),
    ({"attribute": "city", "op": "eq", "value": ""}, "城市 是 “”", "城市 is “”"),
    ({"attribute": "vip", "op": "eq", "value": True}, "vip 为 是", "vip equals yes"),
    ({"attribute": "born", "op": "before", "value": "1990-03-05"}, "生日 早于 1990年3月5日",
     "生日 is before 5 March 1990"),
    ({"attribute": "born", "op": "anniversary", "value": "P7D"}, "生日 周年日在今天起 7 天 内",
     "生日 has its anniversary within 7 days"),
    ({"attribute": "seen", "op": "after", "value": "2026-03-05T01:30:00Z"}, "seen 晚于 2026年3月5日 09:30",
     "seen is after 5 March 2026 09:30"),
    (PAID, "有过下单", "did 下单"),
    ({**PAID, "op": "eq", "value": 0, "window": {"last": "P90D"}}, "近 90 天没有过下单",
     "did not do 下单 in the last 90 days"),
    ({**PAID, "op": "gte", "value": 12_000}, "下单的次数 ≥ 12,000", "number of 下单 ≥ 12,000"),
    ({**SPENT, "window": {"last": "P3M"}}, "近 3 个月下单的金额之和 ≥ 300",
     "total 金额 of 下单 in the last 3 months ≥ 300"),
    ({**SPENT, "where": [BY_KIND], "window": {"calendar": "month", "back": 1}},
     "上月下单（sku 对应的品类 是 湿巾类）的金额之和 ≥ 300",
     "total 金额 of 下单 (品类 of sku is 湿巾类) last month ≥ 300"),
    ({**PAID, "measure": "last", "op": "older_than", "value": "P30D"}, "最近一次下单的时间 距今超过 30 天",
     "time of the last 下单 is more than 30 days ago"),
    ({**PAID, "window": {"from": "2026-03-01", "to": "2026-04-01"}}, "2026年3月1日 至 2026年4月1日 之前有过下单",
     "did 下单 from 1 March 2026 until before 1 April 2026"),
    ({**PAID, "window": {"since": "entry"}}, "进入以来有过下单", "did 下单 since entry"),
    ({**PAID, "window": {"calendar": "day", "back": 3}}, "3 天前有过下单", "did 下单 3 days ago"),
    ({**PAID, "where": [{"property": "amount", "op": "gt", "value": {"of": "entry", "name": "amount"}}]},
     "有过下单（金额 > 进入事件的 amount）", "did 下单 (金额 > amount of the entry event)"),
    ({"sequence": [{"event": "page_view"}, {"event": "order_paid", "within": "P1D"},
                   {"absent": "refund", "within": "PT2H"}]},
     "page_view，然后在 1 天内下单，然后在 2 小时内没有 refund",
     "page_view, then within 1 day 下单, then for 2 hours no refund"),
    ({"tag": "fan", "op": "has"}, "有标签“粉丝”", "has the tag “粉丝”"),
    ({"tag": "fan", "op": "has_not"}, "没有标签“粉丝”", "does not have the tag “粉丝”"),
    ({"tag": "tier", "op": "eq", "value": "gold"}, "标签“等级” 是 gold", "tag “等级” is gold"),
    ({"audience": "big"}, "属于人群“高价值”", "is in the audience “高价值”"),
    ({"identity": "phone", "op": "is_set"}, "有手机号", "is known by phone number"),
    ({"consent": "sms", "category": "marketing", "is": "given"}, "对短信营销的授权为已同意",
     "consent to Marketing by SMS is given"),
    ({"clock": "weekday", "op": "in", "value": [6, 7]}, "星期 是 星期六、星期日 之一",
     "weekday is one of Saturday, Sunday"),
    ({"clock": "time", "op": "between", "value": ["09:00", "21:00"]}, "当前时刻 在 09:00 和 21:00 之间",
     "time of day is between 09:00 and 21:00"),
    ({"may_send": "sms", "category": "marketing"}, "现在可以通过短信发送营销消息", "Marketing by SMS may be sent now"),
    ({"message": "m1", "is": "delivered"}, "节点“m1”的消息：已送达", "the message of node “m1”: delivered"),
    ({"variant": "b", "experiment": "x"}, "按“variant”判断", "decided by “variant”"),
    ({"all": []}, "所有人", "everybody"), ({"any": []}, "没有人", "nobody"),
    ({"all": [PAID, {"any": [{"tag": "fan", "op": "has"}, {"not": {"audience": "big"}}]}]},
     "有过下单 且 （有标签“粉丝” 或 不满足：属于人群“高价值”）",
     "did 下单 and (has the tag “粉丝” or not the case: is in the audience “高价值”)"),
    # what makes no sense is shown as it was written
    ({"attribute": "city", "op": "gt", "value": 5}, "城市 gt 5", "城市 gt 5"),
    ({"attribute": "born", "op": "in_last", "value": "soon"}, "生日 in_last soon", "生日 in_last soon"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "chinese", "english"), SAID, ids=lambda value: str(value)[:40])
def test_a_rule_in_words(rule: dict[str, Any], chinese: str, english: str) -> None:
    for language, expected in (("zh-hans", chinese), ("en", english)):
        with translation.override(language):
            assert describe(parse_rule(rule), SHOP) == expected


@pytest.mark.parametrize("type_", KINDS)
def test_every_operator_has_words(type_: str) -> None:
    kind = KINDS[type_]
    said = [kind.label(op) for op in kind.operators_of()]
    assert set(kind.shapes) <= set(kind.operators_of())
    assert all(said)
    assert len(set(said)) == len(said)


def test_numbers_are_as_exact_as_they_are() -> None:
    assert [number_words(each) for each in (0, -1234567, 0.1, 12345.5, Decimal("2.50"), 10**15)] == [
        "0", "-1,234,567", "0.1", "12,345.5", "2.5", "1,000,000,000,000,000",
    ]  # fmt: skip
    assert number_words(Fraction(10, 3)) == "3.333333"
    assert [money_words(each) for each in (300, Decimal("312.5"), Fraction(1, 3), -0.5)] == [
        "300", "312.50", "0.33", "-0.50",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("written", "chinese", "english"),
    [
        ("P1D", "1 天", "1 day"), ("PT36H", "1 天 12 小时", "1 day 12 hours"),
        ("P1Y2M", "1 年 2 个月", "1 year 2 months"),
        ("PT90M", "1 小时 30 分钟", "1 hour 30 minutes"), ("PT0S", "0 天", "0 days"),
        ("PT1.5S", "1.5 秒", "1.5 seconds"),
        ("-P2W", "14 天", "14 days"), ("PT1S", "1 秒", "1 second"),
    ],
)  # fmt: skip
def test_durations(written: str, chinese: str, english: str) -> None:
    for language, expected in (("zh-hans", chinese), ("en", english)):
        with translation.override(language):
            assert duration_words(Duration.parse(written)) == expected


def test_of_many_the_first_are_named_and_all_are_counted() -> None:
    with translation.override("zh-hans"):
        assert list_words(map(str, range(20))) == "0、1、2、3、4、5 等 20 个"
        assert list_words([]) == "（空）"
    with translation.override("en"):
        assert list_words(map(str, range(20))) == "0, 1, 2, 3, 4, 5 and others, 20 in all"


def test_names_are_set_apart_where_the_script_changes() -> None:
    assert tidy("近 90 天\x1forder\x1f的\x1f金额\x1f之和") == "近 90 天 order 的金额之和"
    assert tidy("\x1forder\x1f") == "order"
    assert tidy("total \x1famount\x1f of") == "total amount of"
