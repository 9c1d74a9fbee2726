"""How messages and places under caps follow somebody who turned out to be somebody else (`audiences.followers`)."""

from __future__ import annotations

from typing import Any

import numpy as np

from audiences.followers import Follower, Moved, Pairs, Return
from itinera.kit.sqlfile import queries
from itinera.kit.wire import Cursor, Ids

_SQL = queries(__file__, "following.sql")


class Messages(Follower):
    """Messages go with their walks, and keep their own numbers, by which providers know them.

    Dispatch holds no shard. Its results are written by a message's number, to whoever it belongs to then. What it has
    claimed and not opened is owed again: the door shall ask about the person that it is for now. A call under way is
    closed as if nothing had happened.
    """

    tables = ("message", "cap_change")

    def hold(self, cursor: Cursor, pairs: Pairs) -> None:
        """Dispatch writes outcomes and corrections for messages whose rows it has locked: it ends first."""
        cursor.execute(_SQL["hold"], {"messages": self._numbers(cursor, pairs.merged)})

    def move(self, cursor: Cursor, pairs: Pairs) -> Moved:
        cursor.execute(_SQL["move"], {**pairs.columns(), "messages": self._numbers(cursor, pairs.merged)})
        found = {merge: np.asarray(ids).tolist() for merge, ids in cursor.fetchall()}
        cursor.execute(_SQL["move_corrections"], pairs.columns())
        return found

    def back(self, cursor: Cursor, back: Return, moved: Any) -> None:
        """Those whose walk goes back."""
        if not moved:
            return
        params = {
            **back.columns(),
            "messages": np.array(moved, dtype=np.int64),
            "journeys": [journey for journey, _ in back.staying],
            "seqs": np.array([seq for _, seq in back.staying], dtype=np.int32),
        }
        cursor.execute(_SQL["back"], params)
        gone = np.array([row[0] for row in cursor.fetchall()], dtype=np.int64)
        cursor.execute(_SQL["corrections_back"], {**back.columns(), "messages": gone})

    @staticmethod
    def _numbers(cursor: Cursor, profiles: Ids) -> Ids:
        cursor.execute(_SQL["numbers"], {"profiles": profiles})
        (found,) = cursor.fetchone()
        return np.asarray(() if found is None else found, dtype=np.int64)


class CapUses(Follower):
    """What was reserved for either counts for the survivor, so no cap is exceeded by the two being one.

    The ring may be longer than its cap's limit for a while: what a correction takes out of it must not hide that
    others still count. The next reservation cuts it. Undone, what she had reserved when she went is hers again and
    the survivor's still: for the length of a window a cap may be stricter than it need be, never looser.
    """

    tables = ("cap_use",)

    def move(self, cursor: Cursor, pairs: Pairs) -> Moved:
        cursor.execute(_SQL["take_uses"], pairs.columns())
        taken = cursor.fetchall()
        moved: dict[int, list[list[Any]]] = {}
        for merge, cap, times in taken:
            moved.setdefault(merge, []).append([cap, times])
        cursor.execute(_SQL["join_uses"], {**pairs.columns(), **_columns(taken)})
        return moved

    def back(self, cursor: Cursor, back: Return, moved: Any) -> None:
        rows = [(back.merge, cap, times) for cap, times in moved or ()]
        cursor.execute(_SQL["uses_back"], {**back.columns(), **_columns(rows)})


def _columns(rows: list[Any]) -> dict[str, object]:
    return {
        "merges": np.array([row[0] for row in rows], dtype=np.int64),
        "caps": np.array([row[1] for row in rows], dtype=np.int32),
        "times": [row[2] for row in rows],
    }
