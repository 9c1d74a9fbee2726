"""Counts against rows: every figure on the canvas must be what the rows themselves say.

Counters are compared per shard, version, node and port with paths, walks and messages. Who is `filtered` leaves
no row, so that one counter is compared with nothing.
"""

from __future__ import annotations

from tests.integration.engine.scene import ask

_FILTERED = 4

_RULES = {
    "ways taken": """
        SELECT shard, version_id, (code >> 6)::int AS node, (code & 63)::int AS port, count(*) AS n
        FROM path, unnest(codes) AS code WHERE code & 63 < 62 GROUP BY 1, 2, 3, 4""",
    "left from a node": """
        SELECT shard, version_id, (code >> 6)::int, -2, count(*)
        FROM path, unnest(codes) AS code WHERE code & 63 = 62 GROUP BY 1, 2, 3, 4""",
    "exits by reason": """
        SELECT shard, version_id, -1, reason::int, count(*)
        FROM enrolment WHERE reason IS NOT NULL GROUP BY 1, 2, 3, 4""",
    "goals": """
        SELECT shard, version_id, -2, 0, count(*) FROM enrolment WHERE goal_at IS NOT NULL GROUP BY 1, 2, 3, 4""",
}
_COUNTED = {
    "ways taken": "node >= 0 AND port >= 0",
    "left from a node": "node >= 0 AND port = -2",
    "exits by reason": f"node = -1 AND port <> {_FILTERED}",
    "goals": "node = -2",
}
_STANDING = """
    SELECT coalesce(t.shard, e.shard), coalesce(t.version_id, e.version_id), coalesce(t.node, e.node), 0, t.n, e.n
    FROM (SELECT shard, version_id, node, sum(CASE WHEN port = -1 THEN n ELSE -n END) AS n
          FROM tally WHERE node >= 0 GROUP BY 1, 2, 3) t
    FULL JOIN (SELECT shard, version_id, node, count(*) AS n FROM enrolment WHERE left_at IS NULL GROUP BY 1, 2, 3) e
      USING (shard, version_id, node)
    WHERE coalesce(t.n, 0) <> coalesce(e.n, 0)"""
_LOST = """
    SELECT e.shard, e.version_id, e.node, e.seq, e.profile_id, e.stamp FROM enrolment e
    WHERE e.left_at IS NULL AND e.due_at IS NOT NULL AND NOT EXISTS (
        SELECT FROM chunk c, unnest(c.profiles, c.seqs, c.stamps) AS m (profile_id, seq, stamp)
        WHERE c.kind = 0 AND c.shard = e.shard AND c.version_id = e.version_id AND c.node = e.node
          AND m.profile_id = e.profile_id AND m.seq = e.seq AND m.stamp = e.stamp)"""


def differences() -> list[str]:
    """What does not add up, in words; empty when all figures equal the rows."""
    found = [line for name, rows in _RULES.items() for line in _compare(name, rows, _COUNTED[name])]
    found += [f"standing at a node: {row}" for row in ask(_STANDING)]
    found += [f"waits for a time that no chunk holds: {row}" for row in ask(_LOST)]
    return found


def _compare(name: str, rows: str, counted: str) -> list[str]:
    sql = f"""
        SELECT coalesce(t.shard, r.shard), coalesce(t.version_id, r.version_id), coalesce(t.node, r.node),
               coalesce(t.port, r.port), t.n, r.n
        FROM (SELECT shard, version_id, node::int, port::int, n FROM tally WHERE {counted}) t
        FULL JOIN ({rows}) AS r (shard, version_id, node, port, n) USING (shard, version_id, node, port)
        WHERE coalesce(t.n, 0) <> coalesce(r.n, 0)"""
    return [f"{name}: {row}" for row in ask(sql)]
