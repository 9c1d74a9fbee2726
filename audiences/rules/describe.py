"""A rule in plain words, in the reader's language, for pages that show audiences, tags and conditions."""

from __future__ import annotations

from audiences.rules.ast import Rule
from audiences.rules.catalogue import Catalogue
from audiences.rules.nesting import say
from audiences.rules.speech import Speech
from audiences.rules.words import tidy


def describe(rule: Rule, catalogue: Catalogue, zone: str = "Asia/Shanghai") -> str:
    """One sentence; names are shown by their labels, instants on the zone's clock. The rule need not make sense."""
    return tidy(say(rule, Speech(catalogue, zone)))
