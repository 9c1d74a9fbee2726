"""An attempt: one call to a provider for one message."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class AttemptOutcome(models.IntegerChoices):
    """What came of one call."""

    ACCEPTED = 0, _("accepted")  # the provider took the message
    REJECTED = 1, _("rejected")  # refused for good: this message, this address
    RETRY = 2, _("try later")  # surely not taken; try again after a while
    THROTTLED = 3, _("throttled")  # surely not taken; the account is too fast
    CREDENTIALS = 4, _("credentials")  # surely not taken; nothing of this account will be
    UNKNOWN = 5, _("unknown")  # may have been taken: no answer, or one that nobody can read


class Attempt(models.Model):
    """Opened and committed before the call, closed after it. Open for long = its worker died."""

    id = models.BigAutoField(primary_key=True)
    message_id = models.BigIntegerField(_("message"))
    account_id = models.IntegerField(_("account"))
    opened_at = models.DateTimeField(_("opened"))
    closed_at = models.DateTimeField(_("closed"), null=True)
    outcome = models.SmallIntegerField(_("outcome"), null=True, choices=AttemptOutcome.choices)
    code = models.TextField(_("code"), null=True)
    detail = models.TextField(_("detail"), null=True)
    provider_id = models.TextField(_("provider's id"), null=True)

    class Meta:
        db_table = "attempt"
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        indexes = (
            # read by the admin: the attempts of one message
            models.Index(fields=["message_id"], name="attempt_message"),
        )

    def __str__(self) -> str:
        return f"attempt {self.pk}"
