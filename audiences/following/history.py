"""How her facts have changed, and what she has agreed to."""

from __future__ import annotations

from typing import Any

import numpy as np

from audiences.followers import Follower, Moved, Pairs, Return
from itinera.kit.sqlfile import queries
from itinera.kit.wire import Cursor

_SQL = queries(__file__, "following.sql")


class _Rows(Follower):
    """Rows with a number that say whose they are, and nothing else that would have to change."""

    moves: str
    goes_back: str

    def move(self, cursor: Cursor, pairs: Pairs) -> Moved:
        cursor.execute(_SQL[self.moves], pairs.columns())
        return {merge: np.asarray(ids).tolist() for merge, ids in cursor.fetchall()}

    def back(self, cursor: Cursor, back: Return, moved: Any) -> None:
        if moved:
            cursor.execute(_SQL[self.goes_back], {**back.columns(), "ids": np.array(moved, dtype=np.int64)})


class ProfileChanges(_Rows):
    tables = ("profile_change",)
    moves, goes_back = "move_changes", "changes_back"


class ConsentChanges(_Rows):
    tables = ("consent_change",)
    moves, goes_back = "move_consents", "consents_back"
