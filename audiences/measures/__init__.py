"""A number per person: over her events, from her attributes and tags, or fading with time."""

from audiences.measures.ast import Measure, parse_measure
from audiences.measures.check import check_measure
from audiences.measures.read import Readers
from audiences.measures.words import describe

__all__ = ["Measure", "Readers", "check_measure", "describe", "parse_measure"]
