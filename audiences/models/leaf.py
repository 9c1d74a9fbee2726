"""What the leaves of rules gave, kept for a while."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class LeafResult(models.Model):
    """Who a leaf held for at an instant, so that a rule of which another leaf is changed asks for that one only.

    `key` is a digest of the statement that the leaf compiles to, with its parameters, the kind of people and the
    zone: whatever the catalogue knows about its names is in there. `parts` are serialized bitmaps, one per shard.
    `upto` null: everybody was looked at; else those with lower numbers, and somebody goes on from there. The table
    is UNLOGGED: after a crash of the database it is empty, and all of it is found again when it is asked for.
    """

    pk = models.CompositePrimaryKey("key", "at")
    key = models.UUIDField()
    at = models.DateTimeField(_("as of"))
    upto = models.BigIntegerField(null=True)
    parts = ArrayField(models.BinaryField())
    kept_at = models.DateTimeField()

    class Meta:
        db_table = "leaf_result"
        verbose_name = _("result of a leaf")
        verbose_name_plural = _("results of leaves")

    def __str__(self) -> str:
        return f"{self.key}, {self.at:%Y-%m-%d %H:%M}"
