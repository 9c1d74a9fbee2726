"""Caps: at most N messages per window, what has been reserved under each, and corrections to that."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from audiences.models import PeopleKind


class Cap(models.Model):
    """At most `limit` messages to one person per `window`. Empty channel, category, journey = any.

    It holds for one kind of people; empty: for customers.
    """

    id = models.AutoField(primary_key=True)
    name = models.CharField(_("name"), max_length=200, unique=True)
    limit = models.PositiveSmallIntegerField(_("limit"), validators=[MinValueValidator(1), MaxValueValidator(1000)])
    window = models.JSONField(_("window"), help_text=_('"P7D" rolls; {"calendar": "day"} starts anew at 00:00.'))
    channel = models.CharField(_("channel"), max_length=32, null=True, blank=True)
    category = models.CharField(_("category"), max_length=64, null=True, blank=True)
    journey = models.CharField(_("journey"), max_length=64, null=True, blank=True)
    kind = models.CharField(_("kind of people"), max_length=16, choices=PeopleKind, null=True, blank=True)

    class Meta:
        db_table = "cap"
        verbose_name = _("cap")
        verbose_name_plural = _("caps")

    def __str__(self) -> str:
        return self.name


class CapUse(models.Model):
    """The latest `limit` reservations of one person under one cap, ascending.

    That is all a cap ever needs: it has room exactly if fewer than `limit` stand here, or the
    first of them no longer counts. Written only by the holder of the shard.
    """

    pk = models.CompositePrimaryKey("shard", "cap_id", "profile_id")
    shard = models.SmallIntegerField()
    cap_id = models.IntegerField()
    profile_id = models.BigIntegerField()
    times = ArrayField(models.DateTimeField())

    class Meta:
        db_table = "cap_use"
        verbose_name = _("use of a cap")
        verbose_name_plural = _("uses of caps")

    def __str__(self) -> str:
        return f"{self.cap_id}/{self.profile_id}"


class CapChange(models.Model):
    """A correction to one reservation, owed by dispatch, applied by whoever holds the shard next.

    `was` is the instant reserved at; `becomes` the instant that counts instead, NULL = given back.
    Dispatch must not touch `cap_use` itself: a wave reads it under REPEATABLE READ and would be
    thrown back by every foreign update.
    """

    id = models.BigAutoField(primary_key=True)
    shard = models.SmallIntegerField()
    cap_id = models.IntegerField()
    profile_id = models.BigIntegerField()
    message_id = models.BigIntegerField()
    was = models.DateTimeField()
    becomes = models.DateTimeField(null=True)

    class Meta:
        db_table = "cap_change"
        verbose_name = _("correction of a cap")
        verbose_name_plural = _("corrections of caps")
        indexes = (
            # read by caps.settle: the rows of one shard, in order of arrival
            models.Index(fields=["shard", "id"], name="cap_change_shard"),
        )

    def __str__(self) -> str:
        return f"{self.cap_id}/{self.profile_id}"
