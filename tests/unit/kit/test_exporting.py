"""No cell of an export can be run by a spreadsheet."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itinera.kit.exporting import BYTE_ORDER_MARK, csv_lines, quoted


@pytest.mark.parametrize("cell", ["=1+1", "+cmd", "-2", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x")'])
def test_formulas_are_quoted(cell: str) -> None:
    assert quoted(cell) == "'" + cell


@pytest.mark.parametrize(
    ("cell", "text"), [(-2, "-2"), (-2.5, "-2.5"), (None, ""), (True, "True"), ("a=b", "a=b"), ("", "")]
)
def test_the_rest_stays(cell: object, text: str) -> None:
    assert quoted(cell) == text


@given(st.lists(st.lists(st.text(), min_size=2, max_size=2), max_size=5))
def test_no_row_read_back_begins_with_a_formula(rows: list[list[str]]) -> None:
    text = "".join(csv_lines(["a", "=b"], rows))
    assert text.startswith(BYTE_ORDER_MARK)
    read = list(csv.reader(io.StringIO(text[1:], newline="")))
    assert len(read) == len(rows) + 1
    assert read[0] == ["a", "'=b"]
    assert not [cell for row in read for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
