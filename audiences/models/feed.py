"""What the engine has yet to look at, and which events it asks for."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

INTEREST_LOCK = 7_401
"""Advisory lock between ingestion (shared, from reading the interest until commit) and publishing
(exclusive, when it changes): without it an event could slip between the two."""


class FeedKind(models.IntegerChoices):
    """What a feed row tells."""

    EVENT = 0, _("event")  # `type_id` and `event_id` say which, `body` carries its properties
    OUTCOME = 1, _("outcome of a message")  # for the enrolment and node named in the row
    ENTRY = 2, _("entry request")  # `body` carries the entry data


class Feed(models.Model):
    """One thing that may concern a walk; deleted by the wave that takes it.

    The key is `(shard, id)`. `enrolment` is the walk's number within (version, profile).
    """

    id = models.BigAutoField(primary_key=True)
    shard = models.SmallIntegerField()
    profile_id = models.BigIntegerField()
    kind = models.SmallIntegerField(choices=FeedKind.choices)
    type_id = models.IntegerField(null=True)
    event_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    version_id = models.IntegerField(null=True)
    enrolment = models.IntegerField(null=True)
    node = models.SmallIntegerField(null=True)
    port = models.SmallIntegerField(null=True)
    body = models.JSONField(null=True)

    class Meta:
        db_table = "feed"
        verbose_name = _("feed row")
        verbose_name_plural = _("feed")

    def __str__(self) -> str:
        return f"{self.shard}/{self.pk}"


class Interest(models.Model):
    """A live version asks for events of this type; only those are fed.

    `subject` narrows it where one type tells of many things: the slug of the audience of `audience.entered`, of the
    tag of `tag.added`, the name of the attribute of `attribute.changed`. Empty asks for all of the type.
    """

    pk = models.CompositePrimaryKey("type_id", "version_id", "subject")
    type_id = models.IntegerField()
    version_id = models.IntegerField()
    subject = models.TextField(default="", db_default="")

    class Meta:
        db_table = "interest"
        verbose_name = _("interest")
        verbose_name_plural = _("interests")

    def __str__(self) -> str:
        return f"{self.type_id} → {self.version_id}"


class Shard(models.Model):
    """A sixty-fourth of all people. Whoever locks the row may change their walks."""

    id = models.SmallIntegerField(primary_key=True)
    wave = models.BigIntegerField(default=0, db_default=0)
    last_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "shard"
        verbose_name = _("shard")
        verbose_name_plural = _("shards")

    def __str__(self) -> str:
        return str(self.pk)
