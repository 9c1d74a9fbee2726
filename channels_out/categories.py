"""The categories of messages that this workspace uses."""

from __future__ import annotations

from channels_out.models import Cap, QuietHours


def categories_in_use() -> set[str]:
    """Those that caps and quiet hours name."""
    named = (*Cap.objects.values_list("category", flat=True), *QuietHours.objects.values_list("category", flat=True))
    return {name for name in named if name}
