"""Audiences, who is in them, and how that has changed."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from audiences.models.profile import PeopleKind

SLUG = RegexValidator(r"^[a-z0-9_-]{1,64}$", _("Small letters, digits, - and _; at most 64."))


class Audience(models.Model):
    """A set of profiles of one kind of people.

    `definition` says who belongs to it: an object with one key, whose kinds register themselves in
    `audiences.definitions`: `{"rule": …}`, `{"members": {…}}` and so on. `size` and `refreshed_at` are those of the
    last refresh; null before the first. `every` is how often it is refreshed (cron in the workspace's zone), null
    for on demand only; the row of django-celery-beat follows it. `revision` counts changes of it.
    """

    id = models.AutoField(primary_key=True)
    slug = models.TextField(_("short name"), unique=True, validators=[SLUG])
    name = models.TextField(_("name"))
    description = models.TextField(_("description"), default="", db_default="", blank=True)
    kind = models.TextField(
        _("kind of people"), choices=PeopleKind, default=PeopleKind.CONSUMER, db_default=PeopleKind.CONSUMER
    )
    definition = models.JSONField(_("definition"))
    asks = ArrayField(models.TextField(), verbose_name=_("asks audiences"), default=list, db_default=[], blank=True)
    every = models.TextField(_("refreshed (cron)"), null=True, blank=True)
    revision = models.PositiveIntegerField(_("revision"), default=1, db_default=1, editable=False)
    size = models.BigIntegerField(_("people"), null=True, editable=False)
    refreshed_at = models.DateTimeField(_("refreshed"), null=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("created by"),
        editable=False,
    )  # fmt: skip
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True)

    class Meta:
        db_table = "audience"
        verbose_name = _("audience")
        verbose_name_plural = _("audiences")
        permissions = [
            ("refresh_audience", _("May refresh audiences")),
            ("export_audience", _("May export the members of audiences")),
        ]

    def __str__(self) -> str:
        return self.name


class AudienceMembers(models.Model):
    """Who of one shard is in an audience now: a serialized bitmap (`audiences.bitmaps`); no row where nobody is."""

    pk = models.CompositePrimaryKey("audience_id", "shard")
    audience = models.ForeignKey(Audience, models.CASCADE, related_name="+", db_index=False)
    shard = models.SmallIntegerField()
    members = models.BinaryField()

    class Meta:
        db_table = "audience_members"
        verbose_name = _("members of an audience")
        verbose_name_plural = _("members of audiences")

    def __str__(self) -> str:
        return f"{self.audience_id}/{self.shard}"


class AudienceRefresh(models.Model):
    """One reading of an audience: as of which instant, how many there were, how many came and went."""

    id = models.BigAutoField(primary_key=True)
    audience = models.ForeignKey(
        Audience, models.CASCADE, related_name="refreshes", db_index=False, verbose_name=_("audience")
    )
    at = models.DateTimeField(_("as of"))
    size = models.BigIntegerField(_("people"))
    entered = models.BigIntegerField(_("entered"))
    left = models.BigIntegerField(_("left"))
    took_ms = models.IntegerField(_("took (ms)"))

    class Meta:
        db_table = "audience_refresh"
        verbose_name = _("refresh")
        verbose_name_plural = _("refreshes")
        indexes = [
            # Read by the history of one audience's size, newest first.
            models.Index(fields=["audience", "-at"], name="audience_refresh_at"),
        ]

    def __str__(self) -> str:
        return f"{self.audience_id}, {self.at:%Y-%m-%d %H:%M}"


class AudienceShift(models.Model):
    """Who of one shard came into an audience by one refresh, and who left it: two bitmaps."""

    pk = models.CompositePrimaryKey("refresh_id", "shard")
    refresh = models.ForeignKey(AudienceRefresh, models.CASCADE, related_name="+", db_index=False)
    shard = models.SmallIntegerField()
    entered = models.BinaryField()
    left = models.BinaryField()

    class Meta:
        db_table = "audience_shift"
        verbose_name = _("change of an audience")
        verbose_name_plural = _("changes of audiences")

    def __str__(self) -> str:
        return f"{self.refresh_id}/{self.shard}"
