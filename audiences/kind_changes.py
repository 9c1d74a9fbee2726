"""Whether somebody may become one of another kind of people: as long as nothing holds her to the present one.

Somebody first known by an event is a customer; the list of staff that comes later makes her one of the staff. Once
she walks a journey of her kind, she stays what she is until the walk is over. Upper packages say who is held:

    HOLDERS.register("walks", walking)      # when the app starts
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from django.utils.translation import gettext as _

from audiences.lines import BadLine, ProfileLine
from itinera.kit.registry import Registry
from itinera.kit.sqlfile import queries
from itinera.kit.wire import Cursor, Ids, fetch_columns

_SQL = queries(__file__, "ingest.sql")

Holder = Callable[[Cursor, Ids], Ids]
"""Of these profiles, those that it holds to their kind."""

HOLDERS: Registry[Holder] = Registry("holders of kinds of people")


def held(cursor: Cursor, profiles: Ids) -> frozenset[int]:
    """Of these profiles, those that must stay of their kind for now."""
    return frozenset(each for holds in HOLDERS.values() for each in holds(cursor, profiles).tolist())


def refused(cursor: Cursor, lines: Sequence[ProfileLine]) -> dict[int, BadLine]:
    """The lines, by position, that would change the kind of somebody who is held to hers."""
    asking = [(place, line) for place, line in enumerate(lines) if line.kind is not None]
    if not asking:
        return {}
    other: dict[int, int] = {}
    known = _known(cursor, [line for _, line in asking])
    for place, line in asking:
        whose = next((known[each] for each in line.identities if each in known), None)
        if whose is not None and whose[1] != line.kind:
            other[place] = whose[0]
    if not other:
        return {}
    stay = held(cursor, np.unique(np.array(list(other.values()), dtype=np.int64)))
    return {place: wrong_kind() for place, profile in other.items() if profile in stay}


def wrong_kind() -> BadLine:
    """Why her kind stays."""
    words = _("This person is of another kind and walks a journey of that kind. Her kind can be changed afterwards.")
    return BadLine("wrong_kind", words, "kind")


def _known(cursor: Cursor, lines: Sequence[ProfileLine]) -> dict[tuple[str, str], tuple[int, str]]:
    identities = list(dict.fromkeys(each for line in lines for each in line.identities))
    params = {"kinds": [kind for kind, _ in identities], "values": [value for _, value in identities]}
    columns = fetch_columns(cursor, _SQL["kinds_of_people"], params)
    found = zip(*(np.asarray(columns[name]).tolist() for name in ("positions", "profiles", "kinds")), strict=True)
    return {identities[place - 1]: (profile, kind) for place, profile, kind in found}
