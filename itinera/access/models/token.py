"""API tokens: what a machine shows instead of a password."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Scope(models.TextChoices):
    """What a token may be for. None implies another."""

    INGEST = "ingest", _("push profiles and events")
    READ = "read", _("read")
    OPERATE = "operate", _("change and run")
    ADMIN = "admin", _("set up")


class ApiToken(models.Model):
    """One token. Only a digest of its secret is stored; the secret itself is shown once.

    The secret has 256 random bits, so a plain SHA-256 is as good as a slow hash and costs a request
    nothing: there is no dictionary to try.
    """

    name = models.TextField(_("name"), unique=True, help_text=_("What uses it: the shop system, a script."))
    prefix = models.TextField(_("begins with"), unique=True, editable=False)
    digest = models.BinaryField(editable=False, max_length=32)
    scopes = ArrayField(models.TextField(choices=Scope), verbose_name=_("scopes"))
    created_at = models.DateTimeField(_("made at"), db_default=Now(), editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        verbose_name=_("made by"),
        related_name="+",
    )
    expires_at = models.DateTimeField(_("expires at"))
    # Coarse (hourly): exact times would make every request a write.
    last_used_at = models.DateTimeField(_("last used, to the hour"), null=True, editable=False)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, editable=False)

    class Meta:
        db_table = "api_token"
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name
