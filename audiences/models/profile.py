"""One customer, however many identities point to her."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.db.models.functions import Mod, Now
from django.utils.translation import gettext_lazy as _

SHARDS = 64
"""Number of shards; a profile belongs to shard `id % SHARDS` for good."""


class PeopleKind(models.TextChoices):
    """Kinds of people; audiences, journeys, caps and the holdout stay inside one."""

    CONSUMER = "consumer", _("customer")
    STAFF = "staff", _("staff")
    MERCHANT = "merchant", _("merchant")


class Profile(models.Model):
    """A customer (or one of the staff, or a merchant): facts about her, and what she agreed to.

    `consent` is `{channel: {category: true|false}}`, an absent entry is unknown. `tags` is
    `{slug: true | value}`. `unit` is what experiments and the holdout draw her by: her member
    number, else `kind:value` of her first identity; it never changes, or she would change buckets.
    """

    id = models.BigAutoField(primary_key=True)
    shard = models.SmallIntegerField(editable=False)
    kind = models.TextField(
        _("kind of people"), choices=PeopleKind, default=PeopleKind.CONSUMER, db_default=PeopleKind.CONSUMER
    )
    zone = models.TextField(_("time zone"), null=True, blank=True)
    attributes = models.JSONField(_("attributes"), default=dict, db_default={}, blank=True)
    tags = models.JSONField(_("tags"), default=dict, db_default={}, blank=True)
    consent = models.JSONField(_("consent"), default=dict, db_default={}, blank=True)
    suppressed = ArrayField(
        models.TextField(), verbose_name=_("suppressed channels"), default=list, db_default=[], blank=True
    )
    unit = models.TextField(_("unit"), default="", db_default="", editable=False)
    created_at = models.DateTimeField(_("created at"), db_default=Now(), editable=False)
    updated_at = models.DateTimeField(_("updated at"), db_default=Now(), editable=False)

    class Meta:
        db_table = "profile"
        verbose_name = _("profile")
        verbose_name_plural = _("profiles")
        permissions = [("view_pii", _("May see phone numbers, e-mail addresses and other identities"))]
        indexes = [
            # Read by every wave that lets people in, which asks who of them is no customer: few rows of millions.
            models.Index(
                fields=["id"], include=["kind"], condition=~models.Q(kind="consumer"), name="profile_not_consumer"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="profile_shard_follows_id",
                condition=models.Q(shard=Mod(models.F("id"), SHARDS)),
            )
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Draws the id first when it is new: the shard follows from it."""
        if self._state.adding and not self.id:
            with connection.cursor() as cursor:
                cursor.execute("SELECT nextval(pg_get_serial_sequence('profile', 'id'))")
                row = cursor.fetchone()
            assert row is not None
            self.id = row[0]
        self.shard = self.id % SHARDS
        super().save(*args, **kwargs)
