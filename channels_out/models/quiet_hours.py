"""Quiet hours: when nothing of a category goes out."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class QuietHours(models.Model):
    """`[from, to)` every day on the clock of the person's zone, and whole days besides.

    `from` later than `to` crosses midnight. `dates` holds pairs of local dates, both included.
    Both times empty: only the dates.
    """

    id = models.AutoField(primary_key=True)
    category = models.CharField(_("category"), max_length=64)
    channel = models.CharField(_("channel"), max_length=32, null=True, blank=True)
    from_time = models.TimeField(_("from"), null=True, blank=True)
    to_time = models.TimeField(_("to"), null=True, blank=True)
    dates = models.JSONField(
        _("whole days"),
        default=list,
        blank=True,
        help_text=_('Pairs of first and last day: [["2026-10-01", "2026-10-07"]].'),
    )

    class Meta:
        db_table = "quiet_hours"
        verbose_name = _("quiet hours")
        verbose_name_plural = _("quiet hours")
        constraints = (
            models.UniqueConstraint(
                fields=["category", "channel", "from_time", "to_time"],
                name="quiet_hours_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="quiet_hours_span",
                condition=Q(from_time__isnull=True, to_time__isnull=True)
                | Q(from_time__isnull=False, to_time__isnull=False) & ~Q(from_time=F("to_time")),
            ),
        )

    def __str__(self) -> str:
        span = f"{self.from_time:%H:%M}-{self.to_time:%H:%M}" if self.from_time and self.to_time else "-"
        return f"{self.category} {self.channel or '*'} {span}"
