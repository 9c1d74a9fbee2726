"""Counts against rows: every figure on the canvas must be what the rows themselves say, and nobody may be lost."""

from __future__ import annotations

from journeys import recount
from tests.integration.engine.scene import ask

_LOST = """
    SELECT e.shard, e.version_id, e.node, e.seq, e.profile_id, e.stamp FROM enrolment e
    WHERE e.left_at IS NULL AND e.due_at IS NOT NULL AND NOT EXISTS (
        SELECT FROM chunk c, unnest(c.profiles, c.seqs, c.stamps) AS m (profile_id, seq, stamp)
        WHERE c.kind = 0 AND c.shard = e.shard AND c.version_id = e.version_id AND c.node = e.node
          AND m.profile_id = e.profile_id AND m.seq = e.seq AND m.stamp = e.stamp)"""


def differences() -> list[str]:
    """What does not add up, in words; empty when all figures equal the rows."""
    found = [str(each) for each in recount.differences()]
    return found + [f"waits for a time that no chunk holds: {row}" for row in ask(_LOST)]
