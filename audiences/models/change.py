"""How attributes and tags of profiles have changed: append-only, kept by month."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from audiences.models.profile import Profile


class ProfileChange(models.Model):
    """What one source changed about one profile at once: `{name: [before, after]}`, null where there was or is none.

    The first facts about a new profile are no change. Partitioned by month of `at`, like events. `source` is who:
    `api:…`, `load:…`, `import:…`, `journey:…`, `tag:…`, `user:…`, `merge:…`.
    """

    id = models.BigAutoField(primary_key=True)
    shard = models.SmallIntegerField()
    profile = models.ForeignKey(
        Profile, models.DO_NOTHING, related_name="changes", db_constraint=False, db_index=False,
        verbose_name=_("profile"),
    )  # fmt: skip
    at = models.DateTimeField(_("at"))
    source = models.TextField(_("source"))
    attributes = models.JSONField(_("attributes"), null=True)
    tags = models.JSONField(_("tags"), null=True)

    class Meta:
        db_table = "profile_change"
        verbose_name = _("change of a profile")
        verbose_name_plural = _("changes of profiles")
        # Read by the 360° page: one person's history.
        indexes = [models.Index(fields=["profile", "at"], name="profile_change_profile")]

    def __str__(self) -> str:
        return f"#{self.profile_id}, {self.at:%Y-%m-%d %H:%M}"
