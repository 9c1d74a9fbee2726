"""A journey: its name, its draft, and which version people enter now."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class JourneyStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")  # never published: nobody has walked it
    PUBLISHED = "published", _("Published")  # people enter and walk
    PAUSED = "paused", _("Paused")  # nobody enters, nobody moves; exits and goals still count
    ENDED = "ended", _("Ended")  # nobody enters; those inside have left


class Journey(models.Model):
    id = models.AutoField(primary_key=True)
    slug = models.CharField(_("slug"), max_length=64, unique=True)
    name = models.CharField(_("name"), max_length=200)
    status = models.CharField(_("status"), max_length=16, choices=JourneyStatus, default=JourneyStatus.DRAFT)
    draft = models.JSONField(_("draft"), help_text=_("The canvas document that is being drawn."))
    revision = models.PositiveIntegerField(_("revision"), default=1)
    live_version = models.ForeignKey(
        "journeys.Version", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("live version")
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    class Meta:
        db_table = "journey"
        ordering = ["slug"]
        verbose_name = _("journey")
        verbose_name_plural = _("journeys")
        permissions = [
            ("publish_journey", _("Can publish a journey")),
            ("pause_journey", _("Can pause and resume a journey")),
        ]
        constraints = [
            models.CheckConstraint(name="journey_slug_form", condition=models.Q(slug__regex=r"^[a-z0-9_-]{1,64}$")),
            models.CheckConstraint(
                name="journey_status_has_version",
                condition=models.Q(status="draft") | models.Q(live_version__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name
