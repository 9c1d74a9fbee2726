"""Counting after a crash: walks, ways taken, messages, the receiving servers' ledger, the canvas' own figures."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import psycopg

from tests.crash.journey import CANVAS, CONCURRENCY

if TYPE_CHECKING:
    from tests.crash.harness import Fed, Plan

NODES = [node["id"] for node in CANVAS["nodes"]]
OWED = (0, 1, 2)  # queued, claimed, calling
SENT, UNKNOWN = (3, 4), 6

_QUIET = """
SELECT (SELECT count(*) FROM feed) + (SELECT count(*) FROM message WHERE status = ANY(%s))
     + (SELECT count(*) FROM enrolment WHERE left_at IS NULL)
"""
_WALKS = """
SELECT i.value, e.seq, e.reason, e.left_at IS NULL
FROM enrolment e JOIN identity i ON i.profile_id = e.profile_id AND i.kind = 'member_id'
"""
_STEPS = """
SELECT i.value, p.seq, c.code / 64, c.code % 64
FROM path p CROSS JOIN LATERAL unnest(p.codes) AS c (code)
JOIN identity i ON i.profile_id = p.profile_id AND i.kind = 'member_id'
"""
_MESSAGES = "SELECT status, channel, address FROM message"
_COUNTED = "SELECT node, port, sum(n)::bigint FROM tally GROUP BY node, port HAVING sum(n) <> 0"
_IN, _EXITS = -1, -1
_STAYS = 62  # codes from here on say that she waits at the node or left from it


@dataclass
class Found:
    """Everything that was counted."""

    entered: Counter[str]
    inside: int
    reasons: Counter[int]
    steps: Counter[tuple[str, int, str, int]]
    messages: Counter[tuple[int, str]]
    delivered: Counter[tuple[str, str]]
    tally: dict[tuple[int, int], int]

    @property
    def unknown(self) -> int:
        return sum(n for (status, _), n in self.messages.items() if status == UNKNOWN)

    @property
    def came(self) -> set[str]:
        """Those who left the wait because they came."""
        return {member for member, _, node, port in self.steps if node == "wait" and port == 0}

    def problems(self, fed: Fed, plan: Plan) -> list[str]:
        """In words, whatever is not as it must be."""
        return [*self._people(fed), *self._posts(fed, plan), *self._canvas()]

    def _people(self, fed: Fed) -> list[str]:
        found: list[str] = []
        lost = fed.orders.keys() - self.entered.keys()
        twice = [member for member, n in self.entered.items() if n > 1]
        again = [step for step, n in self.steps.items() if n > 1 and step[3] < _STAYS]
        found += [f"{len(lost)} lost: {sorted(lost)[:5]}"] if lost else []
        found += [f"{len(twice)} entered twice: {twice[:5]}"] if twice else []
        found += [f"{len(again)} steps taken twice: {again[:5]}"] if again else []
        found += [f"{self.inside} still inside"] if self.inside else []
        wrong = (fed.came(surely=True) - self.came) | (self.came - fed.came(surely=False))
        found += [f"{len(wrong)} took the wrong way out of the wait: {sorted(wrong)[:5]}"] if wrong else []
        return found

    def _posts(self, fed: Fed, plan: Plan) -> list[str]:
        found: list[str] = []
        twice = [each for each, n in self.delivered.items() if n > 1]
        found += [f"{len(twice)} messaged twice: {twice[:5]}"] if twice else []
        owed = {"sms": len(fed.orders), "email": len(self.came)}
        for channel, expected in owed.items():
            rows = sum(n for (_, of), n in self.messages.items() if of == channel)
            sent = sum(n for (status, of), n in self.messages.items() if of == channel and status in SENT)
            doubtful = self.messages[UNKNOWN, channel]
            arrived = sum(n for (of, _), n in self.delivered.items() if of == channel)
            if rows != expected or sent + doubtful != expected:
                found.append(f"{channel}: {expected} to send, {rows} rows, {sent} sent, {doubtful} unknown")
            if not sent <= arrived <= sent + doubtful:
                found.append(f"{channel}: {sent} sent, {doubtful} unknown, but {arrived} arrived")
        most = 4 * plan.kills * CONCURRENCY
        found += [f"{self.unknown} unknown, at most {most} allowed"] if self.unknown > most else []
        return found

    def _canvas(self) -> list[str]:
        """Every figure of the canvas against the rows it stands for."""
        rows: Counter[tuple[int, int]] = Counter()
        for (_, _, node, port), n in self.steps.items():
            if port < _STAYS:
                rows[NODES.index(node), port] += n
        for _, _, node in {(member, seq, node) for member, seq, node, _ in self.steps}:
            rows[NODES.index(node), _IN] += 1
        for reason, n in self.reasons.items():
            rows[_EXITS, reason] += n
        counted = {key: n for key, n in self.tally.items() if key in rows or key[1] >= 0 or key[1] == _IN}
        wrong = {key for key in rows.keys() | counted.keys() if rows.get(key, 0) != counted.get(key, 0)}
        return [
            f"the canvas says {counted.get(key, 0)} for {key}, the rows {rows.get(key, 0)}" for key in sorted(wrong)
        ]


def is_quiet(connection: psycopg.Connection[Any]) -> bool:
    """Nothing to read, nothing to send, nobody inside."""
    row = connection.execute(_QUIET, [list(OWED)]).fetchone()
    return row is not None and row[0] == 0


def look(connection: psycopg.Connection[Any], ledger: dict[str, Any]) -> Found:
    """Count everything there is."""
    walks = connection.execute(_WALKS).fetchall()
    steps = connection.execute(_STEPS).fetchall()
    return Found(
        entered=Counter(member for member, *_ in walks),
        inside=sum(1 for *_, live in walks if live),
        reasons=Counter(reason for _, _, reason, _ in walks if reason is not None),
        steps=Counter((member, seq, NODES[node], port) for member, seq, node, port in steps),
        messages=Counter((status, channel) for status, channel, _ in connection.execute(_MESSAGES).fetchall()),
        delivered=Counter((each["channel"], each["to"]) for each in ledger["deliveries"]),
        tally={(node, port): n for node, port, n in connection.execute(_COUNTED).fetchall()},
    )
