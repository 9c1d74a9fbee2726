"""The audit trail. Other models live with their owners."""

from __future__ import annotations

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
