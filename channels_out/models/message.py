"""A message: one intended send to one profile over one channel. The outbox."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class MessageStatus(models.IntegerChoices):
    """Where a message stands. Legal moves: 0→1→2→3…6, back 1→0 and 2→0, 0/1→7; the rest are ends."""

    QUEUED = 0, _("queued")  # committed by the wave, waits for dispatch (or for retry_at)
    CLAIMED = 1, _("claimed")  # a dispatcher holds it until claimed_until; may be taken back
    CALLING = 2, _("calling")  # committed just before the call: from here a crash means doubt
    SENT = 3, _("sent")  # the provider took it
    DELIVERED = 4, _("delivered")  # a receipt says that it arrived
    FAILED = 5, _("failed")  # refused for good, or tried too often
    UNKNOWN = 6, _("unknown")  # nobody can say whether it left; never sent again blindly
    SKIPPED = 7, _("skipped")  # policy or the door refused it; see reason
    CAPPED = 8, _("capped")  # a cap had no room
    UNREACHABLE = 9, _("unreachable")  # no address, or suppressed


class Message(models.Model):
    """One intended send. The first columns name the step that it belongs to; the key is unique."""

    id = models.BigAutoField(primary_key=True)
    shard = models.SmallIntegerField()
    profile_id = models.BigIntegerField(_("profile"))
    version_id = models.IntegerField(_("version"))
    seq = models.IntegerField()
    node = models.SmallIntegerField()
    journey = models.TextField(_("journey"))
    node_id = models.TextField(_("node"))
    channel = models.TextField(_("channel"))
    category = models.TextField(_("category"))
    account_id = models.IntegerField(_("account"), null=True)
    status = models.SmallIntegerField(_("status"), choices=MessageStatus.choices)
    reason = models.TextField(_("reason"), null=True)
    variant = models.TextField(_("variant"), null=True)
    address = models.TextField(_("address"), null=True)
    content = models.JSONField(_("content"), null=True)
    at = models.DateTimeField(_("at"))
    stale_at = models.DateTimeField(_("stale at"), null=True)
    reserved_at = models.DateTimeField(null=True)  # when policy let it through: the wave's wall clock
    transactional = models.BooleanField(db_default=False)
    zone = models.TextField(null=True)  # for people without their own; NULL = the workspace's
    drop_in_quiet = models.BooleanField(db_default=False)  # what the door does in quiet hours
    wants_outcome = models.BooleanField(db_default=False)
    claimed_until = models.DateTimeField(null=True)
    retry_at = models.DateTimeField(_("next try"), null=True)
    tries = models.SmallIntegerField(_("tries"), db_default=0)
    updated_at = models.DateTimeField(_("updated"))

    class Meta:
        db_table = "message"
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        constraints = (
            models.UniqueConstraint(fields=["shard", "version_id", "profile_id", "seq", "node"], name="message_key"),
        )
        indexes = (
            # read by dispatch.claim: fresh messages of an account, oldest first
            models.Index(
                fields=["account_id", "id"],
                name="message_queued",
                condition=Q(status=MessageStatus.QUEUED, retry_at__isnull=True),
            ),
            # read by dispatch.claim: those whose time to try again has come
            models.Index(
                fields=["account_id", "retry_at"],
                name="message_retry",
                condition=Q(status=MessageStatus.QUEUED, retry_at__isnull=False),
            ),
            # read by dispatch.recover: claims and calls whose holder may be dead
            models.Index(
                fields=["claimed_until"],
                name="message_held",
                condition=Q(status__in=[MessageStatus.CLAIMED, MessageStatus.CALLING]),
            ),
        )

    def __str__(self) -> str:
        return f"message {self.pk}"
