"""Acceptance: a year of a shop through whole journeys, the engine's replay against the oracle's."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance import engine
from tests.acceptance.compare import difference
from tests.acceptance.oracle.replay import replay as oracle_replay
from tests.acceptance.shop import CANVASES, Shop, shop

Json = dict[str, Any]
LONDON, SHANGHAI = "Europe/London", "Asia/Shanghai"


@pytest.fixture(scope="module")
def year() -> Shop:
    """The whole year."""
    return shop()


def canvas(name: str, zone: str | None = None) -> Json:
    """A canvas of the folder, in a zone."""
    document: Json = json.loads((CANVASES / f"{name}.json").read_text(encoding="utf-8"))
    document["settings"]["zone"] = zone
    return document


def workspace() -> Json:
    document: Json = json.loads((CANVASES / "workspace.json").read_text(encoding="utf-8"))
    return document


def agree(folder: Path, names: list[str], zone: str, lines: Shop) -> None:
    """Both replays of these canvases say the same."""
    canvases = [canvas(name, zone) for name in names]
    given: Any = {"profiles": lines.profiles, "events": lines.events, "workspace": workspace()}
    actual = engine.EngineReplay(folder)(canvases, **given)
    unlike = difference(oracle_replay(canvases, **given), actual)
    assert unlike is None, unlike


@pytest.mark.timeout(300)
@pytest.mark.usefixtures("transactional_db")
class TestAgreement:
    """Step for step, message for message, count for count."""

    def test_welcome_in_london(self, year: Shop, tmp_path: Path) -> None:
        agree(tmp_path, ["welcome"], LONDON, year)

    def test_welcome_in_shanghai(self, year: Shop, tmp_path: Path) -> None:
        agree(tmp_path, ["welcome"], SHANGHAI, year.some(600))

    def test_three_journeys_that_share_caps(self, year: Shop, tmp_path: Path) -> None:
        agree(tmp_path, ["welcome", "winback", "thanks"], LONDON, year.some(500))

    @pytest.mark.parametrize("zone", [LONDON, SHANGHAI])
    def test_every_node_and_option(self, year: Shop, tmp_path: Path, zone: str) -> None:
        agree(tmp_path, ["everything"], zone, year.some(300))


def files(folder: Path, lines: Shop) -> list[str]:
    """The command line of a replay of the welcome journey over these lines."""
    given = [str(CANVASES / "welcome.json")]
    for name, each in (("profiles", lines.profiles), ("events", lines.events)):
        path = folder / f"{name}.jsonl"
        path.write_text("".join(json.dumps(line) + "\n" for line in each), encoding="utf-8")
        given += [f"--{name}", str(path)]
    return [*given, "--workspace", str(CANVASES / "workspace.json")]


@pytest.mark.timeout(300)
def test_two_runs_write_the_same_bytes(year: Shop, tmp_path: Path, site_environment: dict[str, str]) -> None:
    """§5: Same input, same bytes out. The second run reads its input in the same order but has another hash seed."""
    given = files(tmp_path, year.some(800))
    for run, seed in (("one", "1"), ("two", "2")):
        done = engine.command(*given, "--out", str(tmp_path / run), env={**site_environment, "PYTHONHASHSEED": seed})
        assert done.returncode == 0, done.stderr
    for name in ("messages.jsonl", "steps.jsonl", "nodes.json"):
        one = (tmp_path / "one" / name).read_bytes()
        assert one, name
        assert one == (tmp_path / "two" / name).read_bytes(), name


@pytest.mark.timeout(300)
def test_a_year_replays_in_seconds(year: Shop, tmp_path: Path, site_environment: dict[str, str]) -> None:
    """A year of 4,340 customers takes under ten seconds on two quiet cores; here others are at work."""
    given = files(tmp_path, year)
    began = time.perf_counter()
    done = engine.command(*given, "--out", str(tmp_path / "out"), env=site_environment)
    seconds = time.perf_counter() - began
    assert done.returncode == 0, done.stderr
    assert seconds < 30, f"{seconds:.1f} s"


def test_nothing_durable_is_written(year: Shop, tmp_path: Path, transactional_db: None) -> None:
    """A replay writes nothing that stays: every table of the project is as empty as before."""
    before = engine.rows()
    agree(tmp_path, ["welcome"], LONDON, year.some(50))
    assert engine.rows() == before
