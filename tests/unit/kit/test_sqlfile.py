"""Named statements in files."""

from __future__ import annotations

from pathlib import Path

import pytest

from itinera.kit.sqlfile import queries

TWO = """-- What stands before the first name is for readers.
-- name: first
-- Why it is there, and which index it uses.
SELECT 1
  -- in the midst of it
  WHERE true -- at the end of a line it stays

-- name: second_2
SELECT '-- name: third'
"""


def written(folder: Path, text: str, name: str = "some.sql") -> str:
    """A file of statements; the path of the module beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return str(folder / "module.py")


def test_statements_are_found_by_name_without_their_comments(tmp_path: Path) -> None:
    found = queries(written(tmp_path, TWO), "some.sql")
    assert dict(found) == {
        "first": "SELECT 1\n  WHERE true -- at the end of a line it stays",
        "second_2": "SELECT '-- name: third'",
    }


def test_the_folder_sql_is_looked_into_first(tmp_path: Path) -> None:
    beside = written(tmp_path, "-- name: a\nSELECT 1")
    written(tmp_path / "sql", "-- name: a\nSELECT 2")
    assert queries(beside, "some.sql")["a"] == "SELECT 2"


def test_a_name_that_stands_twice_is_refused(tmp_path: Path) -> None:
    module = written(tmp_path, "-- name: a\nSELECT 1\n-- name: a\nSELECT 2")
    with pytest.raises(ValueError, match="the name a stands twice"):
        queries(module, "some.sql")


def test_a_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(StopIteration):
        queries(str(tmp_path / "module.py"), "missing.sql")


def test_nobody_can_change_what_was_read(tmp_path: Path) -> None:
    found = queries(written(tmp_path, TWO), "some.sql")
    with pytest.raises(TypeError):
        found["first"] = "DROP TABLE profile"  # type: ignore[index]


def test_a_file_is_read_once(tmp_path: Path) -> None:
    module = written(tmp_path, TWO)
    assert queries(module, "some.sql") is queries(module, "some.sql")


def test_comments_and_percent_signs_survive_in_texts(tmp_path: Path) -> None:
    module = written(tmp_path, "-- name: a\nSELECT 'ten %%', $$a\nb$$")
    assert queries(module, "some.sql")["a"] == "SELECT 'ten %%', $$a\nb$$"
