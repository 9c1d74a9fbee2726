"""Events, and what the engine has not looked at yet."""

from __future__ import annotations

from typing import Any

import numpy as np

from audiences.followers import Follower, Moved, Pairs, Return
from audiences.oneid.people import event_types
from itinera.kit.sqlfile import queries
from itinera.kit.wire import Cursor

_SQL = queries(__file__, "following.sql")


class Events(Follower):
    """Her events are the survivor's, and so is what the feed still holds for her; back go the events alone.

    They wake and start nothing anew: what happened, happened to the walks that she was on then.
    """

    tables = ("event", "feed")

    def move(self, cursor: Cursor, pairs: Pairs) -> Moved:
        cursor.execute(_SQL["move_feed"], pairs.columns())
        cursor.execute(_SQL["move_events"], {**pairs.columns(), "types": event_types(cursor)})
        return {merge: np.asarray(ids).tolist() for merge, ids in cursor.fetchall()}

    def back(self, cursor: Cursor, back: Return, moved: Any) -> None:
        if moved:
            ids = np.array(moved, dtype=np.int64)
            cursor.execute(_SQL["events_back"], {**back.columns(), "ids": ids, "types": event_types(cursor)})
