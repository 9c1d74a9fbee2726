"""A published canvas. It never changes: people walk the version they entered."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from journeys.models.journey import Journey


class VersionStatus(models.TextChoices):
    LIVE = "live", _("Live")  # people enter and walk; one per journey
    PAUSED = "paused", _("Paused")  # as live, but nobody enters or moves until resumed
    DRAINING = "draining", _("Draining")  # replaced by a newer version: those inside finish
    ENDED = "ended", _("Ended")  # nobody is inside any more


class Version(models.Model):
    id = models.AutoField(primary_key=True)
    journey = models.ForeignKey(Journey, models.PROTECT, related_name="versions", verbose_name=_("journey"))
    number = models.PositiveIntegerField(_("number"))
    canvas = models.JSONField(_("canvas"))
    priority = models.SmallIntegerField(_("priority"), default=50)
    status = models.CharField(_("status"), max_length=16, choices=VersionStatus, default=VersionStatus.LIVE)
    published_at = models.DateTimeField(_("published"))
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("published by"),
    )  # fmt: skip

    class Meta:
        db_table = "version"
        ordering = ["journey", "-number"]
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        constraints = [
            models.UniqueConstraint("journey", "number", name="version_number_once"),
            models.UniqueConstraint(
                "journey", name="version_one_live", condition=models.Q(status__in=["live", "paused"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.journey.slug} v{self.number}"
