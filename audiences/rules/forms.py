"""What a leaf tells the rule builder about its form. Pure values; `audiences.rules.hints` writes them out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Choice:
    """One part of a leaf.

    `source` says what it is chosen from or made of: a list of the hints (`attributes`, `events`, `tags`,
    `audiences`, `identities`, `channels`, `categories`, `clocks`, `measures`), or one of
    `condition` (op and value, by the type of what was chosen before), `filters`, `steps`, `window`, `name`
    (free text), `choices` (those given here, by value with a msgid each).
    """

    key: str
    source: str
    label: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)
