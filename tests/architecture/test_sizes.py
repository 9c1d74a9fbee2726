"""Small files, short functions, names that say something."""

from __future__ import annotations

import re
import subprocess

import pytest

from itinera.local.home import PROJECT
from tests.architecture import source

MOST_LINES, MOST_IN_FUNCTION = 300, 40
# Where a limit and clarity disagree, clarity wins, and the reason stands here.
LONGER_FILES: dict[str, str] = {}
LONGER_FUNCTIONS: dict[str, str] = {}
EMPTY_NAMES = re.compile(r"(?:^|_)(?:utils?|helpers?|managers?|services|misc|common)(?:_|$)")
FRONTEND = PROJECT / "frontend" / "src"


def test_no_file_is_longer_than_300_lines() -> None:
    files = [*source.files(), *FRONTEND.rglob("*.ts"), *FRONTEND.rglob("*.tsx")]
    lengths = {source.name(file): len(file.read_text(encoding="utf-8").splitlines()) for file in files}
    assert {name: n for name, n in lengths.items() if n > MOST_LINES and name not in LONGER_FILES} == {}


def test_no_function_is_longer_than_40_lines() -> None:
    lengths = {
        f"{source.name(file)}:{name}": source.length(function)
        for file in source.files()
        for name, function in source.functions(file)
    }
    assert {name: n for name, n in lengths.items() if n > MOST_IN_FUNCTION and name not in LONGER_FUNCTIONS} == {}


def test_the_lists_of_exceptions_name_nothing_that_is_short_by_now() -> None:
    files = {source.name(file): file for file in source.files()}
    assert [name for name in LONGER_FILES if name not in files] == []
    for entry in LONGER_FUNCTIONS:
        file, _, name = entry.partition(":")
        found = dict(source.functions(files[file]))
        assert source.length(found[name]) > MOST_IN_FUNCTION, entry


def test_every_module_is_named_after_what_is_in_it() -> None:
    names = {source.name(file): file.stem for file in source.files()}
    folders = {source.name(file.parent): file.parent.name for file in source.files()}
    assert [path for path, stem in (names | folders).items() if EMPTY_NAMES.search(stem)] == []


def test_every_module_says_what_it_is() -> None:
    bare = [
        source.name(file)
        for file in source.files(tests=False)
        if (text := file.read_text(encoding="utf-8").lstrip()) and not text.startswith(('"""', 'r"""'))
    ]
    assert bare == []


@pytest.mark.timeout(180)
def test_imports_point_one_way() -> None:
    import sys
    from pathlib import Path

    linter = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run([linter, "--no-cache"], cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_nodes_use_nothing_of_django_but_translation() -> None:
    used = {
        (source.name(file), module)
        for file in (PROJECT / "journeys" / "nodes").rglob("*.py")
        for module in source.imports(file)
        if module.startswith("django") and not module.startswith("django.utils.translation")
    }
    assert used == set()


def test_lock_files_carry_hashes_and_no_address() -> None:
    for name in ("requirements.lock", "requirements-dev.lock", "requirements-node.lock"):
        text = (PROJECT / name).read_text(encoding="utf-8")
        assert re.findall(r"://|--(?:extra-)?index-url|--find-links|^-[ef]\b", text, re.MULTILINE) == [], name
        pinned = re.findall(r"^[A-Za-z0-9][\w.-]*(?:\[[^\]]*\])?==", text, re.MULTILINE)
        blocks = re.split(r"\n(?=[A-Za-z0-9])", text.strip())
        assert len(pinned) == len(blocks), name
        assert all("--hash=sha256:" in block for block in blocks), name


def test_the_runtime_lock_is_part_of_the_development_lock() -> None:
    def pins(name: str) -> set[str]:
        return set(re.findall(r"^([\w.-]+==\S+)", (PROJECT / name).read_text(encoding="utf-8"), re.MULTILINE))

    assert pins("requirements.lock") <= pins("requirements-dev.lock")
