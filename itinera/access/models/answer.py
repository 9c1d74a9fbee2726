"""Answers kept for requests that are sent again with the same `Idempotency-Key`."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now


class KeptAnswer(models.Model):
    """The answer to one write, written in the transaction of the write itself and kept for a day.

    A row exists only for what was done. A request under way holds an advisory lock and no row, so a
    crash leaves nothing to clean up.
    """

    owner = models.TextField(help_text="who asked: `token:<id>` or `user:<id>`")
    key = models.TextField()
    fingerprint = models.BinaryField(max_length=32, help_text="SHA-256 of method, address and body")
    status = models.SmallIntegerField()
    headers = models.JSONField(default=dict)
    body = models.BinaryField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "kept_answer"
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["owner", "key"], name="kept_answer_once")]
        # Read by the hourly clearing of what is older than a day.
        indexes = [models.Index(fields=["at"], name="kept_answer_at")]

    def __str__(self) -> str:
        return f"{self.owner} {self.key}"
