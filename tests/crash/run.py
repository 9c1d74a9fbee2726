"""python -m tests.crash.run --events 20000 --kills 5: kill parts of a stack while orders come in, and count."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from tests.crash.harness import Outcome, Plan, crash


def table(outcome: Outcome) -> str:
    """The outcome in lines that a person can read."""
    found, fed = outcome.found, outcome.fed
    rows: list[tuple[str, object]] = [
        ("orders accepted", len(fed.orders)),
        ("logins accepted", len(fed.logins)),
        ("people who entered", len(found.entered)),
        ("still inside", found.inside),
        ("messages", sum(found.messages.values())),
        ("left unknown", found.unknown),
        ("arrived at the receiving servers", sum(found.delivered.values())),
        ("seconds", f"{outcome.seconds:.1f}"),
        *(("killed", each) for each in outcome.killed),
        *(("PROBLEM", each) for each in outcome.problems),
    ]
    return "\n".join(f"{name:>34}  {value}" for name, value in rows)


def main() -> int:
    """Run it; 1 if anything is wrong."""
    parser = argparse.ArgumentParser(description="Kill parts of a stack while orders come in.")
    parser.add_argument("--events", type=int, default=20_000)
    parser.add_argument("--kills", type=int, default=5, help="of each part")
    parser.add_argument("--seconds", type=float, default=90.0, help="over which the orders come in")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="itinera-crash-") as folder:
        Path(folder).chmod(0o755)
        outcome = crash(Path(folder), Plan(given.events, given.seconds, given.kills, given.seed))
    sys.stdout.write(table(outcome) + "\n")
    return 1 if outcome.problems else 0


if __name__ == "__main__":
    sys.exit(main())
