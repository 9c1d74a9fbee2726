"""The oracle is of use only as long as it shares nothing with what it judges."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

ORACLE = Path(__file__).parent / "oracle"


def imported(path: Path) -> set[str]:
    """Top-level names of everything a file imports."""
    found: set[str] = set()
    for each in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(each, ast.Import):
            found |= {name.name for name in each.names}
        elif isinstance(each, ast.ImportFrom):
            found.add(each.module or "")
    return found


@pytest.mark.parametrize("path", sorted(ORACLE.glob("*.py")), ids=lambda path: path.stem)
def test_the_oracle_imports_only_itself_and_the_standard_library(path: Path) -> None:
    strangers = {
        name
        for name in imported(path)
        if not name.startswith("tests.acceptance.oracle") and name.split(".")[0] not in sys.stdlib_module_names
    }
    assert not strangers
