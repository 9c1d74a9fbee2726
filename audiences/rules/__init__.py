"""The rule language: read, check, compile to SQL over sets, judge and explain one person, say in words."""

from audiences.rules.ast import Filter, Rule
from audiences.rules.catalogue import Catalogue, load_catalogue
from audiences.rules.check import check_rule
from audiences.rules.compile import CompiledRule, compile_rule
from audiences.rules.describe import describe
from audiences.rules.evaluate import evaluate, select_sql
from audiences.rules.everybody import select_ids
from audiences.rules.explain import explain
from audiences.rules.filters import EventRows, FirstMatch, evaluate_filters, first_match
from audiences.rules.leaves.base import LEAVES, Explanation
from audiences.rules.nesting import asked_in_python
from audiences.rules.parse import dump_rule, parse_rule, rule_schema
from audiences.rules.people import People
from audiences.rules.places import AUDIENCE, JOURNEY, Place
from audiences.rules.where import check_where

# Whoever imports the language has its own words; upper packages add theirs when they start.
LEAVES.discover("audiences.rules.leaves")

__all__ = [
    "AUDIENCE",
    "JOURNEY",
    "LEAVES",
    "Catalogue",
    "CompiledRule",
    "EventRows",
    "Explanation",
    "Filter",
    "FirstMatch",
    "People",
    "Place",
    "Rule",
    "asked_in_python",
    "check_rule",
    "check_where",
    "compile_rule",
    "describe",
    "dump_rule",
    "evaluate",
    "evaluate_filters",
    "explain",
    "first_match",
    "load_catalogue",
    "parse_rule",
    "rule_schema",
    "select_ids",
    "select_sql",
]
