"""What an audience is to a rule that names it: another rule, or its stored members."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np
import orjson

from audiences.bitmaps import Members
from audiences.models.profile import SHARDS
from audiences.rules.ast import InAudience, Rule, leaves_of
from audiences.rules.catalogue import Catalogue
from audiences.rules.parse import parse_rule
from audiences.rules.people import People, Truth
from itinera.kit.errors import Refusal
from itinera.kit.sqlfile import queries
from itinera.kit.wire import Cursor

_SQL = queries(__file__, "../sql/rules.sql")
_BY_RULE = "rule"
"""The key of a definition that is a rule (`audiences.definitions`)."""


def rule_of(slug: str, catalogue: Catalogue) -> Rule | None:
    """The rule of an audience by rule; None of any other, and of one that nobody knows."""
    found = catalogue.audiences.get(slug)
    return _rule(found.definition) if found else None


@lru_cache(maxsize=1024)
def _rule(definition: str) -> Rule | None:
    """Keyed by its text: a definition that was changed is another one."""
    read = orjson.loads(definition)
    if not isinstance(read, dict) or _BY_RULE not in read:
        return None
    try:
        return parse_rule(read[_BY_RULE])
    except Refusal:
        return None  # written by a later version: what it last found is all that can be asked


def loop_of(slug: str, catalogue: Catalogue, way: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The audiences that a rule about this one would ask in a circle, the first one twice; empty if there is none."""
    if slug in way:
        return (*way[way.index(slug) :], slug)
    rule = rule_of(slug, catalogue)
    asked = [leaf.audience for leaf in leaves_of(rule) if isinstance(leaf, InAudience)] if rule else []
    return next((loop for each in asked if (loop := loop_of(each, catalogue, (*way, slug)))), ())


def stored_members(audience: int) -> Callable[[Cursor, People], Truth]:
    """Whether people are among the members as of the last refresh; reads the shards of these people only."""

    def truth(cursor: Cursor, people: People) -> Truth:
        shards = np.unique(people.profile % SHARDS).astype(np.int16)
        cursor.execute(_SQL["members"], {"audience": audience, "shards": shards})
        return Members.loaded(cursor.fetchall()).has(people.profile)

    return truth
