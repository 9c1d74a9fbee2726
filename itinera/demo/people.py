"""Made-up customers: everything about them follows from their number, and nobody is real.

Telephone numbers begin with 12, which no Chinese mobile number does; mail addresses are at `example.test`,
a name that never resolves. A message sent to one of them by mistake reaches nobody.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

WORDS: dict[str, list[str]] = {
    kind: words.split()
    for kind, words in json.loads((Path(__file__).parent / "data" / "words.json").read_text(encoding="utf-8")).items()
}
LEVELS = ((500, "黑胶会员"), (200, "金卡会员"), (50, "银卡会员"))
"""Total spent, in dollars, from which a level is held; below all of them: 注册会员."""

Line = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Standing:
    """What the purchases themselves say about a customer."""

    joined: date
    spent: float
    """US dollars."""


def profile_line(member: str, number: int, standing: Standing) -> Line:
    """The profile line of customer `number` (below 10^9, unlike anybody else's) with the identity `member`."""
    facts = _Facts(member)
    reads_mail = not facts.one_in(5, "mail")
    city = facts.of("cities")
    line: Line = {
        "member_id": member,
        "identities": _identities(member, number, facts),
        "attributes": {
            "name": facts.of("surnames") + facts.of("given"),
            "city": city,
            "birthday": (date(1960, 1, 1) + timedelta(days=facts.below(46 * 365, "birthday"))).isoformat(),
            "favourite_genre": facts.of("genres"),
            "preferred_channel": "email" if reads_mail and facts.one_in(2, "prefers") else "sms",
            "member_level": next((name for least, name in LEVELS if standing.spent >= least), "注册会员"),
            "joined": standing.joined.isoformat(),
        },
        "consent": _consent(facts, reads_mail=reads_mail),
    }
    if city == "乌鲁木齐":
        line["zone"] = "Asia/Urumqi"
    if facts.one_in(200, "bounced"):
        line["suppressed"] = ["email"]
    return line


def _identities(member: str, number: int, facts: _Facts) -> dict[str, str]:
    """One in thirty has no mail address, one in sixty no telephone."""
    found = {}
    if not facts.one_in(60, "phone"):
        found["phone"] = f"+8612{number:09d}"
    if not facts.one_in(30, "email"):
        found["email"] = f"{member.lower()}@example.test"
    return found


def _consent(facts: _Facts, *, reads_mail: bool) -> dict[str, dict[str, bool]]:
    """One in five has not agreed to e-mail marketing; one in twelve was never asked about SMS."""
    given = {"email": {"marketing": reads_mail}}
    return given if facts.one_in(12, "sms") else {**given, "sms": {"marketing": True}}


class _Facts:
    """Chance that depends on the customer and the question alone."""

    def __init__(self, member: str) -> None:
        self.member = member

    def below(self, size: int, question: str) -> int:
        drawn = hashlib.sha256(f"{self.member} {question}".encode()).digest()[:6]
        return int.from_bytes(drawn) * size >> 48

    def of(self, kind: str) -> str:
        return WORDS[kind][self.below(len(WORDS[kind]), kind)]

    def one_in(self, size: int, question: str) -> bool:
        return self.below(size, question) == 0
