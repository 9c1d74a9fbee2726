"""Values that people have so far, for whoever writes a rule: common texts of an attribute, a property or a column.

Never a scan of everything: the newest rows and short runs from everywhere are looked at, some tens of thousands.
"""

from __future__ import annotations

from typing import Any

from itinera.kit.masking import scrub
from itinera.kit.sqlfile import queries
from itinera.kit.wire import Cursor

MOST = 50
"""Values of one answer."""
LONGEST = 200
"""A longer text is no value that a rule compares with."""
_RUNS, _LENGTH, _NEWEST = 40, 500, 20_000

_SQL = queries(__file__, "../sql/values.sql")


def common_values(cursor: Cursor, source: str, typed: str = "", **names: str) -> list[dict[str, Any]]:
    """`[{"value", "count"}]` of what `source` names: `attribute`, `property`, `column` or `key`.

    `names` are `name` and, for a property, `event`; for a column or key, `table`. What looks like a phone number, an
    e-mail address or a secret is left out.
    """
    sql = _SQL["common"].format(values=_SQL[f"of_{source}"])
    params = {
        "name": "", "event": "", "table": "", **names, "typed": typed, "most": 2 * MOST, "runs": _RUNS,
        "length": _LENGTH, "newest": _NEWEST,
    }  # fmt: skip
    cursor.execute(sql, params)
    found = [(text, count) for text, count in cursor.fetchall() if len(text) <= LONGEST and scrub(text) == text]
    return [{"value": text, "count": count} for text, count in found[:MOST]]
