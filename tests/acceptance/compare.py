"""Where two results differ, told by person: the first one differing, with both walks side by side."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any

from tests.acceptance.oracle.results import Results
from tests.acceptance.oracle.times import as_text, instant

Json = dict[str, Any]


def difference(expected: Results, actual: Results) -> str | None:
    """None if equal; else a text that names the first person who differs and shows what each side says."""
    ours, theirs = _by_person(expected), _by_person(actual)
    wrong = [name for name in sorted(ours.keys() | theirs.keys()) if ours.get(name) != theirs.get(name)]
    if wrong:
        return _shown(wrong, ours.get(wrong[0], []), theirs.get(wrong[0], []))
    if _order(expected) != _order(actual):
        return "the same messages, in another order"
    left, right = _counts(expected.nodes), _counts(actual.nodes)
    if left != right:
        return "nodes.json differs:\n" + "\n".join(_unlike(left, right))
    return None


def people_who_differ(expected: Results, actual: Results) -> list[str]:
    """Names of those whose steps or messages are not the same."""
    ours, theirs = _by_person(expected), _by_person(actual)
    return [name for name in sorted(ours.keys() | theirs.keys()) if ours.get(name) != theirs.get(name)]


def _by_person(results: Results) -> dict[str, list[str]]:
    """Each person's walks and messages as lines of text; enrolments by rank within the journey."""
    ranks: dict[tuple[str, str], set[int]] = defaultdict(set)
    for step in results.steps:
        ranks[step["profile"], step["journey"]].add(step["enrolment"])
    lines: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for place, step in enumerate(results.steps):
        numbers = sorted(ranks[step["profile"], step["journey"]])
        rank = numbers.index(step["enrolment"]) + 1
        text = f"{step['journey']} #{rank} {_at(step['at'])} {step['node']} -> {step['port']} {_at(step['left'])}"
        lines[step["profile"]].append((0, step["journey"], rank, place, text))
    for message in results.messages:
        told = [message["journey"], message["node"], message["channel"], message["status"], message["reason"]]
        text = f"message {_at(message['at'])} {' '.join(map(str, told))} {message['variant']} {_content(message)}"
        lines[message["profile"]].append((1, _at(message["at"]), message["node"], message["journey"], text))
    return {name: [line[-1] for line in sorted(own)] for name, own in lines.items()}


def _content(message: Json) -> str:
    return json.dumps(message["content"], ensure_ascii=False, sort_keys=True)


def _at(text: str | None) -> str:
    return str(as_text(instant(text))) if text else "-"


def _order(results: Results) -> list[tuple[str, ...]]:
    keys = ("profile", "node", "journey")
    return [(_at(message["at"]), *(message[key] for key in keys)) for message in results.messages]


def _shown(wrong: list[str], ours: list[str], theirs: list[str]) -> str:
    lines = [f"{len(wrong)} people differ, the first is {wrong[0]} (= both, - the oracle only, + the engine only):"]
    same = 0
    while same < min(len(ours), len(theirs)) and ours[same] == theirs[same]:
        same += 1
    lines += [f"  = {line}" for line in ours[:same]]
    lines += [f"  - {line}" for line in ours[same:]]
    lines += [f"  + {line}" for line in theirs[same:]]
    return "\n".join(lines)


def _counts(nodes: Json) -> dict[str, int]:
    """Every count that is not zero, by its path."""
    flat: dict[str, int] = {}
    for slug, tally in nodes.items():
        flat[f"{slug} goals"] = tally["goals"]
        flat |= {f"{slug} exits {reason}": count for reason, count in tally["exits"].items()}
        for node, counts in tally["nodes"].items():
            flat |= {f"{slug} {node} {key}": counts[key] for key in ("in", "at")}
            flat |= {f"{slug} {node} out {port}": count for port, count in counts["out"].items()}
    return {path: count for path, count in flat.items() if count}


def _unlike(left: dict[str, int], right: dict[str, int]) -> list[str]:
    paths = [path for path in sorted(left.keys() | right.keys()) if left.get(path) != right.get(path)]
    return [f"  {path}: oracle {left.get(path, 0)}, engine {right.get(path, 0)}" for path in paths]
