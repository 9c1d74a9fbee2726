"""An account with a provider: where messages of one channel leave from."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from channels_out.models.channel import Channel

slug_validator = RegexValidator(r"^[a-z0-9_-]{1,64}\Z", _("Use a-z, 0-9, - and _, at most 64."))


class Account(models.Model):
    """One set of credentials with one provider. `secrets` is an encrypted JSON object, never shown."""

    id = models.AutoField(primary_key=True)
    slug = models.CharField(_("slug"), max_length=64, unique=True, validators=[slug_validator])
    channel = models.CharField(_("channel"), max_length=32, choices=Channel.choices)
    provider = models.CharField(_("provider"), max_length=64)
    name = models.CharField(_("name"), max_length=200)
    config = models.JSONField(_("configuration"), default=dict, blank=True)
    secrets = models.BinaryField(_("secrets"), default=b"", editable=False)
    rate_per_second = models.PositiveIntegerField(
        _("messages per second"), default=50, validators=[MinValueValidator(1)]
    )
    concurrency = models.PositiveSmallIntegerField(
        _("calls in flight"),
        default=8,
        validators=[MinValueValidator(1), MaxValueValidator(256)],
        help_text=_("One crash leaves at most this many messages in doubt."),
    )
    enabled = models.BooleanField(_("enabled"), default=True)
    is_default = models.BooleanField(_("default of its channel"), default=False)
    blocked_until = models.DateTimeField(
        _("blocked until"), null=True, blank=True, editable=False
    )  # set by dispatch after a refusal of the whole account (credentials, throttled)
    blocked_code = models.CharField(_("blocked because"), max_length=64, blank=True, editable=False)

    class Meta:
        db_table = "account"
        verbose_name = _("sending account")
        verbose_name_plural = _("sending accounts")
        constraints = (
            models.UniqueConstraint(fields=["channel"], condition=Q(is_default=True), name="account_one_default"),
        )

    def __str__(self) -> str:
        return f"{self.name} ({self.slug})"
