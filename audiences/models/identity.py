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


class MergeRequest(models.Model):
    """Two profiles that one line claims to be the same person; ingestion only queues it."""

    id = models.BigAutoField(primary_key=True)
    profile = models.ForeignKey(Profile, models.CASCADE, related_name="+", db_index=False, verbose_name=_("profile"))
    other = models.ForeignKey(
        Profile, models.CASCADE, related_name="+", db_index=False, verbose_name=_("other profile")
    )
    kind = models.TextField(_("kind"))
    source = models.TextField(_("source"))
    at = models.DateTimeField(_("at"))

    class Meta:
        db_table = "merge_request"
        verbose_name = _("merge request")
        verbose_name_plural = _("merge requests")
        constraints = [
            models.UniqueConstraint(fields=["profile", "other"], name="merge_request_once"),
            models.CheckConstraint(name="merge_request_lower_first", condition=models.Q(profile__lt=models.F("other"))),
        ]

    def __str__(self) -> str:
        return f"#{self.profile_id} = #{self.other_id}"
