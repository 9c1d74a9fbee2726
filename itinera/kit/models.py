"""The audit trail, and long jobs of all kinds. Other models live with their owners."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class AuditEntry(models.Model):
    """Who did what to which object. A trigger refuses every UPDATE, DELETE and TRUNCATE.

    The actor is kept as text and number, not as a foreign key: an entry outlives the account. `at`
    is the database's own clock, which no test setting moves.
    """

    class Kind(models.TextChoices):
        USER = "user", _("person")
        TOKEN = "token", _("API token")
        SYSTEM = "system", _("system")

    at = models.DateTimeField(_("at"), db_default=Now(), editable=False)
    actor_kind = models.TextField(_("kind of actor"), choices=Kind)
    actor_id = models.BigIntegerField(_("actor's number"), null=True)
    actor = models.TextField(_("actor"))
    verb = models.TextField(_("verb"))
    object = models.TextField(_("object"))
    before = models.JSONField(_("before"), null=True)
    after = models.JSONField(_("after"), null=True)

    class Meta:
        db_table = "audit_entry"
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        ordering = ("-id",)
        default_permissions = ("view",)
        indexes = [
            # Read by the admin's search for one object's story, and for one person's doings.
            models.Index(fields=["object", "-id"], name="audit_entry_object"),
            models.Index(fields=["actor", "-id"], name="audit_entry_actor"),
            # Read by the admin's filter by date.
            models.Index(fields=["at"], name="audit_entry_at"),
        ]

    def __str__(self) -> str:
        return f"{self.actor} {self.verb} {self.object}"


class JobState(models.TextChoices):
    QUEUED = "queued", _("waiting")  # nobody works on it yet
    RUNNING = "running", _("running")  # somebody does, or did until the lease ran out
    DONE = "done", _("done")
    FAILED = "failed", _("failed")  # `code` and `detail` say why
    STOPPED = "stopped", _("stopped")  # somebody pressed stop; what was done until then stays


class Job(models.Model):
    """One long piece of work: a refresh, an import, an export. It is done in slices (`itinera.kit.jobs`).

    `subject` is what it works on (`audience:vip`), `cursor` where the next slice begins, `done` of `total` how far
    it has come in units of its kind (`total` null: not known yet). A worker holds it by a lease; when that has run
    out, another goes on from the cursor. `tries` counts how often it was taken since it last came further.
    """

    kind = models.TextField(_("kind"))
    subject = models.TextField(_("subject"))
    params = models.JSONField(_("parameters"), default=dict, db_default={})
    state = models.TextField(_("state"), choices=JobState, default=JobState.QUEUED, db_default=JobState.QUEUED)
    cursor = models.JSONField(_("cursor"), default=dict, db_default={})
    done = models.BigIntegerField(_("done"), default=0, db_default=0)
    total = models.BigIntegerField(_("total"), null=True)
    result = models.JSONField(_("result"), default=dict, db_default={})
    code = models.TextField(_("code"), default="", db_default="")
    detail = models.TextField(_("detail"), default="", db_default="")
    stop_asked = models.BooleanField(_("stop asked"), default=False, db_default=False)
    lease = models.UUIDField(_("lease"), null=True)
    leased_until = models.DateTimeField(_("leased until"), null=True)
    tries = models.SmallIntegerField(_("tries"), default=0, db_default=0)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("asked by")
    )
    asked_at = models.DateTimeField(_("asked"))
    started_at = models.DateTimeField(_("started"), null=True)
    finished_at = models.DateTimeField(_("finished"), null=True)

    class Meta:
        db_table = "job"
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        ordering = ("-id",)
        constraints = [
            # Asking twice gives the job that is already under way.
            models.UniqueConstraint(
                fields=["kind", "subject"], name="job_one_active", condition=models.Q(state__in=["queued", "running"])
            ),
        ]
        indexes = [
            # Read by pages that show the latest job about one thing.
            models.Index(fields=["subject", "-id"], name="job_subject"),
            # Read by every tick: what waits, and what somebody has let go of.
            models.Index(fields=["id"], name="job_open", condition=models.Q(state__in=["queued", "running"])),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"

    @property
    def is_open(self) -> bool:
        """Whether it is still waiting or running."""
        return self.state in {JobState.QUEUED, JobState.RUNNING}
