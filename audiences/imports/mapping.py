"""What the columns of a file mean: a meaning per column, guessed from its name, and checked. Pure.

A meaning is a text: `identity:KIND`, `attribute:NAME`, `consent:CHANNEL:CATEGORY`, `tags`, `zone`, `suppressed`,
`updated`, `kind` for people; `id`, `time`, `event`, `identity:KIND`, `property:NAME` for events; empty: left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from django.utils.translation import gettext as _

from audiences.kinds import KINDS
from audiences.models.upload import UploadTarget
from itinera.kit.errors import Problem

OWN = {
    UploadTarget.PROFILES: ("tags", "zone", "suppressed", "updated"),
    UploadTarget.EVENTS: ("id", "time", "event"),
}
"""Meanings without a name of their own, each at most once."""
_NAMED = {UploadTarget.PROFILES: ("identity", "attribute", "consent"), UploadTarget.EVENTS: ("identity", "property")}

_CALLED: Mapping[str, Sequence[str]] = {
    "identity:member_id": (
        "会员号",
        "会员编号",
        "会员id",
        "会员卡号",
        "客户编号",
        "用户id",
        "memberid",
        "userid",
        "customerid",
    ),
    "identity:phone": ("手机", "手机号", "手机号码", "电话", "联系电话", "mobile", "phone", "phonenumber", "tel"),
    "identity:email": ("邮箱", "电子邮箱", "邮件", "email", "mail", "emailaddress"),
    "identity:openid": ("openid", "微信openid"),
    "identity:unionid": ("unionid", "微信unionid"),
    "identity:external_userid": ("外部联系人id", "externaluserid"),
    "tags": ("标签", "tags"),
    "zone": ("时区", "zone", "timezone"),
    "updated": ("更新时间", "updated", "updatedat"),
    "id": ("事件id", "订单号", "流水号", "id", "eventid", "orderid"),
    "time": ("时间", "发生时间", "下单时间", "支付时间", "日期", "time", "timestamp", "date", "datetime"),
    "event": ("事件", "事件名", "行为", "event", "eventname"),
}
"""What columns are called that mean one of these; compared without case, blanks and signs."""


def guess(columns: Sequence[str], target: str, labels: Mapping[str, str]) -> dict[str, str]:
    """A meaning for each column: what its name says, else a fact of that name. Each meaning is given once.

    `labels` are the attributes by what people call them.
    """
    wanted = UploadTarget(target)
    taken: set[str] = set()
    found: dict[str, str] = {}
    for column in columns:
        meaning = _named(column, wanted) or _called(column, wanted) or _fact(column, wanted, labels)
        found[column] = "" if meaning in taken else meaning
        taken.add(meaning)
    return found


def check(
    mapping: Mapping[str, str], columns: Sequence[str], target: str, constants: Mapping[str, str]
) -> list[Problem]:
    """What forbids an import with these meanings; paths are the columns."""
    return list(_problems(mapping, columns, UploadTarget(target), constants))


def _problems(
    mapping: Mapping[str, str], columns: Sequence[str], target: UploadTarget, constants: Mapping[str, str]
) -> Iterator[Problem]:
    used = [mapping.get(column, "") for column in columns]
    for column in columns:
        meaning = mapping.get(column, "")
        if meaning and not _is_meaning(meaning, target):
            yield Problem("unknown_meaning", _("%(meaning)s is no meaning of a column.") % {"meaning": meaning}, column)
        elif meaning and used.count(meaning) > 1:
            yield Problem("twice", _("Another column means the same."), column)
    if not any(meaning.startswith("identity:") for meaning in used):
        yield Problem(
            "no_identity", _("One column must say who it is about: a member number, phone or another identity.")
        )
    if target == UploadTarget.EVENTS:
        if "time" not in used:
            yield Problem("missing_key", _("One column must hold the time of the event."))
        if "event" not in used and not constants.get("event"):
            yield Problem("missing_key", _("Say which event these rows are, or which column names it."), "event")


def _is_meaning(meaning: str, target: UploadTarget) -> bool:
    head, separator, name = meaning.partition(":")
    if not separator:
        return meaning in OWN[target]
    return head in _NAMED[target] and bool(name) and (head != "consent" or name.count(":") == 1)


def _named(column: str, target: UploadTarget) -> str:
    """A column that already says what it means, as in a file for `manage.py load`."""
    if column in OWN[target] or (":" in column and _is_meaning(column, target)):
        return column
    return f"identity:{column}" if column in KINDS else ""


def _called(column: str, target: UploadTarget) -> str:
    plain = "".join(each for each in column.lower() if each.isalnum())
    for meaning, names in _CALLED.items():
        if plain in names and (":" in meaning or meaning in OWN[target]):
            return meaning
    return ""


def _fact(column: str, target: UploadTarget, labels: Mapping[str, str]) -> str:
    if target == UploadTarget.EVENTS:
        return f"property:{column}"
    return f"attribute:{labels.get(column, column)}"
