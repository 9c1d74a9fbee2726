"""Short ways to read what a replay wrote."""

from __future__ import annotations

from typing import Any

from tests.acceptance.oracle.results import Results
from tests.acceptance.oracle.times import instant

Json = dict[str, Any]


def ways(results: Results, member: str = "M1", journey: str = "welcome", walk: int = 1) -> str:
    """The walk as `node:port node:port …`; a node without a way out ends in `:-`."""
    return " ".join(f"{step['node']}:{step['port'] or '-'}" for step in _steps(results, member, journey, walk))


def left(results: Results, node: str, member: str = "M1", journey: str = "welcome", walk: int = 1) -> str | None:
    """When the walk left a node, in UTC without offset; None while it stands there."""
    for step in _steps(results, member, journey, walk):
        if step["node"] == node:
            return short(step["left"])
    raise AssertionError(f"never at {node}")


def walks(results: Results, member: str = "M1", journey: str = "welcome") -> list[str | None]:
    """When each walk of a person began."""
    begun: dict[int, str] = {}
    for step in results.steps:
        if step["profile"] == f"member_id:{member}" and step["journey"] == journey:
            begun.setdefault(step["enrolment"], step["at"])
    return [short(begun[number]) for number in sorted(begun)]


def messages(results: Results, member: str = "M1") -> list[str]:
    """Each message of a person as `at status`, with the reason behind a colon."""
    return [
        f"{short(each['at'])} {each['status']}" + (f":{each['reason']}" if each["reason"] else "")
        for each in results.messages
        if each["profile"] == f"member_id:{member}"
    ]


def exits(results: Results, journey: str = "welcome") -> Json:
    """Exits by reason."""
    return {reason: count for reason, count in results.nodes[journey]["exits"].items() if count}


def short(at: str | None) -> str | None:
    """2011-03-27T12:00 in UTC."""
    if at is None:
        return None
    text = instant(at).isoformat().removesuffix("+00:00")
    return text.removesuffix(":00")


def _steps(results: Results, member: str, journey: str, walk: int) -> list[Json]:
    own = [s for s in results.steps if s["profile"] == f"member_id:{member}" and s["journey"] == journey]
    numbers = sorted({step["enrolment"] for step in own})
    if len(numbers) < walk:
        return []
    return [step for step in own if step["enrolment"] == numbers[walk - 1]]
