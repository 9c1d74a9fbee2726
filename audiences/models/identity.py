"""The names under which other systems know a profile."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from audiences.models.profile import Profile


class Identity(models.Model):
    """A (kind, value) that belongs to one profile."""

    pk = models.CompositePrimaryKey("kind", "value")
    kind = models.TextField(_("kind"))
    value = models.TextField(_("value"))
    profile = models.ForeignKey(
        Profile, models.CASCADE, related_name="identities", db_index=False, verbose_name=_("profile")
    )
    created_at = models.DateTimeField(_("created at"), db_default=Now())

    class Meta:
        db_table = "identity"
        verbose_name = _("identity")
        verbose_name_plural = _("identities")
        # Read by the 360° page and by sending, which asks for one kind of many profiles.
        indexes = [models.Index(fields=["profile", "kind"], name="identity_profile_kind")]

    def __str__(self) -> str:
        return f"{self.kind}:…"
