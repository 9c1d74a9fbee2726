"""Two profiles that turned out to be one customer: pairs that were noticed, and a log of what was merged."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from audiences.models.profile import Profile

PEOPLE_LOCK = 7_405
"""Advisory lock between whoever writes numbers of profiles without holding their shards (shared, from reading whose
they are until commit) and merging (exclusive): without it something could be written for somebody who is gone."""


class MergeState(models.TextChoices):
    """What becomes of a pair."""

    QUEUED = "queued", _("will be merged")
    CONFLICT = "conflict", _("waits for a decision")  # `reason` says what contradicts
    APART = "apart", _("kept apart")  # for good: no line brings the question up again


class MergeRequest(models.Model):
    """Two profiles that one line claims to be the same person. Ingestion only queues it; once merged it is gone.

    `reason` of a conflict: `different_kinds`, `two:KIND`, `many:KIND` or `too_large` (`audiences.oneid.conflicts`).
    """

    id = models.BigAutoField(primary_key=True)
    profile = models.ForeignKey(Profile, models.CASCADE, related_name="+", db_index=False, verbose_name=_("profile"))
    other = models.ForeignKey(
        Profile, models.CASCADE, related_name="+", db_index=False, verbose_name=_("other profile")
    )
    kind = models.TextField(_("kind"))
    source = models.TextField(_("source"))
    at = models.DateTimeField(_("at"))
    state = models.TextField(_("state"), choices=MergeState, default=MergeState.QUEUED, db_default=MergeState.QUEUED)
    reason = models.TextField(_("reason"), null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("decided by"),
        db_index=False,
    )  # fmt: skip
    decided_at = models.DateTimeField(_("decided"), null=True)

    class Meta:
        db_table = "merge_request"
        verbose_name = _("merge request")
        verbose_name_plural = _("merge requests")
        constraints = [
            models.UniqueConstraint(fields=["profile", "other"], name="merge_request_once"),
            models.CheckConstraint(name="merge_request_lower_first", condition=models.Q(profile__lt=models.F("other"))),
        ]
        indexes = [
            # Read by the merge stage: the oldest pairs to be merged.
            models.Index(fields=["id"], name="merge_request_queued", condition=models.Q(state=MergeState.QUEUED)),
            # Read by a merge: the pairs of somebody, who stands first in some and second in others.
            models.Index(fields=["other"], name="merge_request_other"),
        ]

    def __str__(self) -> str:
        return f"#{self.profile_id} = #{self.other_id}"


class Merge(models.Model):
    """One profile that went into another. The log knows where an old number leads, and how to undo it.

    `kind` is the kind of identity that gave it away, empty for a merge by hand. `lift` was added to the numbers of
    her walks. `snapshot` is `{"profile": her row, "identities": [[kind, value]…]}`. `changed` is what the survivor
    took over: `{"attributes": {name: [before, after]}, "tags": {…}, "consent": [[channel, category, before,
    after]…], "zone": [before, after], "suppressed": [all then]}`. Both are emptied when a merge can no longer be
    undone. `taken` keeps of everything taken over when it was said, and to whom (`audiences.oneid.facts`): a later
    merge asks for it.
    """

    id = models.BigAutoField(primary_key=True)
    survivor_id = models.BigIntegerField(_("survivor"))
    merged_id = models.BigIntegerField(_("merged profile"))
    at = models.DateTimeField(_("at"))
    kind = models.TextField(_("kind"))
    source = models.TextField(_("source"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by"), db_index=False
    )
    lift = models.IntegerField()
    snapshot = models.JSONField(null=True)
    changed = models.JSONField(null=True)
    taken = models.JSONField(default=dict, db_default={})
    undone_at = models.DateTimeField(_("undone"), null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("undone by"),
        db_index=False,
    )  # fmt: skip

    class Meta:
        db_table = "merge"
        verbose_name = _("merge")
        verbose_name_plural = _("merges")
        permissions = [("merge_profile", _("May merge profiles, keep them apart, and undo merges"))]
        constraints = [
            # Read by whoever has an old number: where it leads.
            models.UniqueConstraint(
                fields=["merged_id"], name="merge_once", condition=models.Q(undone_at__isnull=True)
            ),
        ]
        indexes = [
            # Read by later merges and by undoing: what a profile took over before.
            models.Index(fields=["survivor_id"], name="merge_survivor"),
            # Read by whoever found people at an instant and writes them now: who was merged since.
            models.Index(fields=["at"], name="merge_at"),
            # Read by the merge stage: what can no longer be undone and still holds a copy of somebody.
            models.Index(fields=["at"], name="merge_kept", condition=models.Q(snapshot__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"#{self.merged_id} → #{self.survivor_id}"


class MergeMoved(models.Model):
    """What one follower (`audiences.followers`) moved in a merge, in its own words; gone once it cannot be undone."""

    pk = models.CompositePrimaryKey("merge_id", "follower")
    merge = models.ForeignKey(Merge, models.CASCADE, related_name="+", db_index=False)
    follower = models.TextField()
    moved = models.JSONField()

    class Meta:
        db_table = "merge_moved"
        verbose_name = _("what a merge moved")
        verbose_name_plural = _("what merges moved")

    def __str__(self) -> str:
        return f"{self.merge_id}/{self.follower}"
