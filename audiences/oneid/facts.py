"""What is known of somebody who is two profiles so far. Pure.

Of each attribute the value that was said last, whichever profile it was said to; tags of both, one with two values like
an attribute; of each consent the newest statement, and a withdrawal unless a later one says otherwise; suppression by
either; the survivor's time zone if she has one. Whatever the order in which several profiles become one, the same
comes out: every fact keeps when it was said, and the `Standing` of the profile to which it was.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from audiences.oneid.conflicts import Standing

Fact = tuple[int, int, int, int]
"""When something was said (microseconds since 1970), and minus the standing of whom it was said to: the greater counts.
What was there when the profile was made counts from then."""

Sides = dict[str, list[Any]]
"""By name what the survivor had and what she has; None where there was or is nothing."""
Agreement = tuple[str, str]
"""Channel and category."""


def fact(at: int, standing: Standing) -> Fact:
    return (at, -standing.rank, -standing.created, -standing.id)


@dataclass
class Known:
    """Everything said about one profile.

    `said_attributes` has a name as well where its value was taken away; of tags, which are united, only those that she
    has. `agreed` tells when a consent as it stands was stated; a channel and category may be missing there.
    """

    standing: Standing
    attributes: dict[str, Any]
    tags: dict[str, Any]
    consent: dict[str, dict[str, bool]]
    suppressed: set[str]
    zone: str | None
    said_attributes: dict[str, Fact]
    said_tags: dict[str, Fact]
    said_zone: Fact
    agreed: dict[Agreement, float]


@dataclass
class Taken:
    """What one profile brought to another: both sides of whatever changed hands, and the facts behind it.

    `suppressed` is all that is suppressed then.
    """

    attributes: Sides = field(default_factory=dict)
    tags: Sides = field(default_factory=dict)
    consent: list[list[Any]] = field(default_factory=list)
    suppressed: list[str] = field(default_factory=list)
    zone: list[str | None] | None = None
    facts: dict[str, Any] = field(default_factory=dict)

    def changed(self) -> dict[str, Any]:
        """As the log keeps it."""
        found: dict[str, Any] = {"attributes": self.attributes, "tags": self.tags, "consent": self.consent}
        return {**found, "suppressed": self.suppressed, "zone": self.zone}


def take_over(mine: Known, theirs: Known) -> Taken:
    """Add what another profile knows; `mine` is changed, and what changed hands is told."""
    taken = Taken()
    attributes, facts = _newer(mine.attributes, mine.said_attributes, theirs.attributes, theirs.said_attributes)
    taken.attributes = attributes
    taken.tags, tag_facts = _newer(mine.tags, mine.said_tags, theirs.tags, theirs.said_tags)
    taken.facts = {"attributes": facts, "tags": tag_facts}
    if theirs.zone is not None and (mine.zone is None or theirs.said_zone > mine.said_zone):
        taken.zone, taken.facts["zone"] = [mine.zone, theirs.zone], theirs.said_zone
        mine.zone, mine.said_zone = theirs.zone, theirs.said_zone
    _agree(mine, theirs, taken)
    mine.suppressed |= theirs.suppressed
    taken.suppressed = sorted(mine.suppressed)
    return taken


def _newer(
    mine: dict[str, Any], said: dict[str, Fact], theirs: Mapping[str, Any], their_said: Mapping[str, Fact]
) -> tuple[Sides, dict[str, Fact]]:
    sides: Sides = {}
    facts: dict[str, Fact] = {}
    for name, their_fact in sorted(their_said.items()):
        if name in said and said[name] >= their_fact:
            continue
        sides[name] = [mine.get(name), theirs.get(name)]
        facts[name] = said[name] = their_fact
        if name in theirs:
            mine[name] = theirs[name]
        else:
            mine.pop(name, None)
    return sides, facts


def _agree(mine: Known, theirs: Known, taken: Taken) -> None:
    for channel, categories in sorted(theirs.consent.items()):
        for category, given in sorted(categories.items()):
            known = mine.consent.get(channel, {}).get(category)
            about = (channel, category)
            stated = _stated(theirs, about, given)
            if known is not None and _stated(mine, about, known) >= stated:
                continue
            mine.consent.setdefault(channel, {})[category] = given
            mine.agreed[about] = stated[0]
            taken.consent.append([channel, category, known, given])


def _stated(whose: Known, about: Agreement, given: bool) -> tuple[float, bool]:
    """The greater counts. Of unknown time a withdrawal counts for ever, and a consent gives way to everything."""
    at = whose.agreed.get(about, -math.inf if given else math.inf)
    return (at, not given)
