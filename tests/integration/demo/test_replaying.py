"""A slice of the shop's five weeks through the three canvases, as `manage.py replay` runs them."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from itinera.demo import brand, history
from itinera.demo.history import yesterday
from itinera.demo.orders import ZONE
from itinera.local.home import PROJECT

LAST_DAY = yesterday(datetime(2026, 11, 22, 8, 30, tzinfo=UTC))
BEGIN, END = "2026-10-18T00:00:00+08:00", "2026-11-22T00:00:00+08:00"


def _kept(member: str) -> bool:
    return int(member[1:]) < 3000 if member.startswith("N") else int(member) < 1200


@pytest.fixture(scope="module")
def people() -> dict[str, Any]:
    lines = [*history.customer_profiles(LAST_DAY), *history.newcomer_profiles(LAST_DAY)]
    return {f"member_id:{line['member_id']}": line for line in lines if _kept(line["member_id"])}


@pytest.mark.django_db(transaction=True)
def test_five_weeks_give_sensible_messages(
    people: dict[str, Any], tmp_path: Path, site_environment: dict[str, str]
) -> None:
    orders = sorted(
        [*history.customer_orders(LAST_DAY), *history.newcomer_orders(LAST_DAY)], key=lambda line: str(line["time"])
    )
    _write(tmp_path / "profiles.jsonl", list(people.values()))
    _write(tmp_path / "events.jsonl", [line for line in orders if _kept(line["member_id"])])
    _replay(tmp_path, site_environment)
    messages = [json.loads(line) for line in (tmp_path / "out" / "messages.jsonl").read_text().splitlines()]
    nodes = json.loads((tmp_path / "out" / "nodes.json").read_text())
    _check_counts(messages, nodes)
    _check_policy(messages, people)


def _write(path: Path, lines: list[Any]) -> None:
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines))


def _replay(folder: Path, environment: dict[str, str]) -> None:
    canvases = [str(brand.HERE / "canvases" / f"{slug}.json") for slug in brand.JOURNEYS]
    files = ["--profiles", str(folder / "profiles.jsonl"), "--events", str(folder / "events.jsonl")]
    span = ["--workspace", str(brand.WORKSPACE), "--from", BEGIN, "--until", END, "--out", str(folder / "out")]
    command = [sys.executable, "manage.py", "replay", *canvases, *files, *span]
    program = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False)
    assert program.returncode == 0, program.stderr


def _check_counts(messages: list[Any], nodes: dict[str, Any]) -> None:
    welcome, winback = nodes["welcome"]["nodes"], nodes["winback"]["nodes"]
    came = welcome["first"]["out"]["next"]
    assert came > 500
    assert welcome["hello"]["in"] == came
    assert welcome["wait_7"]["at"] + sum(welcome["wait_7"]["out"].values()) == came
    assert 0.02 < welcome["wait_7"]["out"]["again"] / came < 0.2
    assert welcome["wait_28"]["out"]["timeout"] > 50
    assert winback["daily"]["out"]["next"] == sum(winback["tier"]["out"].values()) > 900
    assert abs(winback["words"]["out"]["new"] / winback["words"]["in"] - 0.5) < 0.15
    assert winback["wait_14"]["out"]["again"] > 0
    assert winback["reached"]["in"] == winback["wait_14"]["out"]["again"]
    by_journey = Counter(each["journey"] for each in messages if each["status"] == "sent")
    assert by_journey["welcome"] > came
    assert by_journey["winback"] > 200
    assert by_journey["thanks"] > 30
    assert not any(each["reason"] in {"missing_variable", "stale"} for each in messages)


def _check_policy(messages: list[Any], people: dict[str, Any]) -> None:
    """What a reader of the profile would say: marketing only by day, only to those who agreed."""
    sent = [each for each in messages if each["status"] == "sent"]
    for each in sent:
        if "退订" not in each["content"]["text"]:
            continue
        zone = ZONE if "zone" not in people[each["profile"]] else None
        hour = datetime.fromisoformat(each["at"]).astimezone(ZONE).hour
        assert zone is None or 8 <= hour < 21
        assert people[each["profile"]]["consent"][each["channel"]]["marketing"]
