"""Some people as lists show them: by number, with their identities, masked for those without the right."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from audiences.kinds import KINDS
from itinera.kit.masking import mask_identity
from itinera.kit.sqlfile import queries
from itinera.kit.wire import Cursor

_SQL = queries(__file__, "people.sql")


def shown(cursor: Cursor, profiles: Iterable[int], *, clear: bool) -> list[dict[str, Any]]:
    """`{"id", "identities": [{"kind", "value"}]}` of each, in the order asked for; known kinds first."""
    numbers = list(profiles)
    found: dict[int, list[dict[str, str]]] = {number: [] for number in numbers}
    params = {"profiles": np.array(numbers, dtype=np.int64), "kinds": list(KINDS)}
    cursor.execute(_SQL["identities"], params)
    for number, kind, value in cursor.fetchall():
        found[number].append({"kind": kind, "value": value if clear else mask_identity(kind, value)})
    return [{"id": number, "identities": identities} for number, identities in found.items()]
