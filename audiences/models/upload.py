"""Files that somebody brought to be imported: where they lie, how their columns are read, what became of them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class UploadTarget(models.TextChoices):
    """What the rows of a file are."""

    PROFILES = "profiles", _("people")
    EVENTS = "events", _("events")


class Upload(models.Model):
    """One file of comma-separated values, kept until it is imported or forgotten.

    `columns` are the names of its first line; `mapping` says for each what it means (`audiences.imports.mapping`),
    `constants` what all rows have in common (the name of the event). `digest` is SHA-256 of the bytes: rows without an
    id of their own get one from it and their line, so the same file never tells the same event twice. The counts are
    those of all runs; the job about `upload:ID` has the progress.
    """

    id = models.BigAutoField(primary_key=True)
    name = models.TextField(_("file"))
    path = models.TextField(_("kept at"))
    size = models.BigIntegerField(_("bytes"))
    digest = models.TextField(_("SHA-256"))
    encoding = models.TextField(_("encoding"))
    delimiter = models.CharField(_("separator"), max_length=1)
    lines = models.BigIntegerField(_("rows"))
    columns = models.JSONField(_("columns"))
    target = models.TextField(_("rows are"), choices=UploadTarget, default=UploadTarget.PROFILES)
    mapping = models.JSONField(_("meaning of the columns"), default=dict)
    constants = models.JSONField(_("in common"), default=dict)
    accepted = models.BigIntegerField(_("accepted"), default=0, db_default=0)
    duplicates = models.BigIntegerField(_("known before"), default=0, db_default=0)
    rejected = models.BigIntegerField(_("refused"), default=0, db_default=0)
    uploaded_at = models.DateTimeField(_("brought"))
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("brought by")
    )
    finished_at = models.DateTimeField(_("finished"), null=True)
    forgotten_at = models.DateTimeField(_("file deleted"), null=True)

    class Meta:
        db_table = "upload"
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ("-id",)

    def __str__(self) -> str:
        return self.name


class UploadError(models.Model):
    """A row of an import that was refused, with its cells as they came, so that it can be mended and brought again."""

    id = models.BigAutoField(primary_key=True)
    upload = models.ForeignKey(Upload, models.CASCADE, related_name="errors", db_index=False)
    line = models.BigIntegerField(_("line"))
    code = models.TextField(_("code"))
    detail = models.TextField(_("detail"))
    column = models.TextField(_("column"), null=True)
    cells = models.JSONField(_("cells"))

    class Meta:
        db_table = "upload_error"
        verbose_name = _("refused row of an import")
        verbose_name_plural = _("refused rows of imports")
        constraints = [
            # Read by the file of errors, in order of lines; a line that is read again is told once.
            models.UniqueConstraint(fields=["upload", "line"], name="upload_error_once"),
        ]

    def __str__(self) -> str:
        return f"{self.upload_id}:{self.line} {self.code}"
