"""The categories of messages that this workspace uses."""

from __future__ import annotations

from collections.abc import Iterator

from channels_out.models import Cap, QuietHours
from channels_out.models.channel import Category


def known_categories() -> Iterator[tuple[str, str]]:
    """Names and labels: those that always exist, then those that caps and quiet hours name."""
    for each in Category:
        yield str(each.value), str(each.label)
    named = {*Cap.objects.values_list("category", flat=True), *QuietHours.objects.values_list("category", flat=True)}
    for name in sorted(each for each in named if each and each not in Category.values):
        yield name, name
