"""What was agreed to or withdrawn, when and how: append-only."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from audiences.models.profile import Profile


class ConsentChange(models.Model):
    """One change of consent for a channel and category, with its proof."""

    id = models.BigAutoField(primary_key=True)
    profile = models.ForeignKey(
        Profile, models.CASCADE, related_name="consent_changes", db_constraint=False, verbose_name=_("profile")
    )
    channel = models.TextField(_("channel"))
    category = models.TextField(_("category"))
    given = models.BooleanField(_("given"))
    source = models.TextField(_("source"))
    at = models.DateTimeField(_("at"))
    proof = models.JSONField(_("proof"), default=dict, db_default={}, blank=True)

    class Meta:
        db_table = "consent_change"
        verbose_name = _("consent change")
        verbose_name_plural = _("consent changes")

    def __str__(self) -> str:
        return f"#{self.profile_id} {self.channel}/{self.category}"
