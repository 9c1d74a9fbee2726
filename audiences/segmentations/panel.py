"""Where one profile stands in each model of customers, and why: for the view that shows her from all sides."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from audiences.models import Profile, Segmentation
from audiences.panels import LATEST, PANELS, Panel, Row
from audiences.segmentations.standing import place


class Segments(Panel):
    """By segmentation of her kind of people that has run: her cell on the latest day, and what it follows from."""

    label = _("Segments")
    permission = "audiences.view_segmentation"

    def rows(self, profile: int, *, clear: bool, most: int = LATEST) -> list[Row]:  # nothing to mask
        person = Profile.objects.filter(pk=profile).first()
        if person is None:
            return []
        found = Segmentation.objects.filter(kind=person.kind, runs__isnull=False).distinct().order_by("name")
        return [_row(each, person) for each in found[:most]]


def _row(segmentation: Segmentation, person: Profile) -> Row:
    placed = place(segmentation, person)
    standing = placed.standing
    return {
        "segmentation": segmentation.slug,
        "name": segmentation.name,
        "day": placed.day,
        "cell": placed.cell,
        "label": placed.label,
        "why": standing.why if standing else "",
        "facts": [fact.text for fact in standing.facts] if standing else [],
    }


def register() -> None:
    """Called once when the app starts."""
    PANELS.register("segments", Segments())
