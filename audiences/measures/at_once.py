"""Compiling for people who are all looked at in the same instant: what depends on nothing else is a constant."""

from __future__ import annotations

import re
from collections.abc import Iterable

from audiences.rules.build import Build, Joins
from audiences.rules.kinds import Row

AT = "%(at)s::timestamptz"
_SEEN = "e.time <= u.at"
_OF_A_PERSON = re.compile(r"\bu\.")


class AtOnce(Build):
    """One compilation. Conditions that look at no person can be asked of events alone, without joining people."""

    row = Row(AT, "u.zone")
    base = Row(AT, "b.zone")

    def hoist(self, expression: str) -> str:
        """What looks at no row is a constant of the query already."""
        return super().hoist(expression) if "b." in expression else expression


def together(conditions: Iterable[str]) -> str:
    """All of these, without the one that says the same of each person as an edge says of all."""
    return " AND ".join(each for each in conditions if each != _SEEN)


def joined(joins: Joins, *texts: str) -> str:
    """What is joined to events `e`: their people `u` if one of these texts looks at them, and what filters look up."""
    people = "JOIN u ON u.profile = e.profile_id" if any(map(_OF_A_PERSON.search, (*texts, *joins.sql))) else ""
    return " ".join((people, *joins.sql))
