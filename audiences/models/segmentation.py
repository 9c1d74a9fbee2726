"""Models of customers: RFM, lifecycle, grid; what each found on which day, and who was where."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from audiences.models.audience import SLUG
from audiences.models.profile import PeopleKind

SEGMENTATION_TYPES = [("rfm", _("RFM")), ("lifecycle", _("lifecycle")), ("grid", _("grid"))]
"""What `audiences.segmentations.types` holds, with the names that people see."""


class Segmentation(models.Model):
    """Divides everybody of one kind of people into cells, every day anew.

    `config` is read by its type (`audiences.segmentations.types`). `every` is when it runs (cron in the workspace's
    zone), null for on demand only; the row of django-celery-beat follows it. The cell that somebody is in now is the
    value of the tag with the same slug.
    """

    id = models.AutoField(primary_key=True)
    slug = models.TextField(_("short name"), unique=True, validators=[SLUG])
    name = models.TextField(_("name"))
    type = models.TextField(_("type"), choices=SEGMENTATION_TYPES)
    kind = models.TextField(
        _("kind of people"), choices=PeopleKind, default=PeopleKind.CONSUMER, db_default=PeopleKind.CONSUMER
    )
    config = models.JSONField(_("settings"), default=dict, db_default={}, blank=True)
    every = models.TextField(_("run (cron)"), null=True, blank=True, default="0 2 * * *", db_default="0 2 * * *")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("created by"),
        editable=False,
    )  # fmt: skip
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    class Meta:
        db_table = "segmentation"
        verbose_name = _("segmentation")
        verbose_name_plural = _("segmentations")
        permissions = [("run_segmentation", _("May run segmentations"))]

    def __str__(self) -> str:
        return self.name


class SegmentationRun(models.Model):
    """The snapshot of one day (in the workspace's zone): as of which instant, by which settings and cuts, how many
    were in each cell. A second run of the day takes the place of the first.
    """

    id = models.BigAutoField(primary_key=True)
    segmentation = models.ForeignKey(
        Segmentation, models.CASCADE, related_name="runs", db_index=False, verbose_name=_("segmentation")
    )
    day = models.DateField(_("day"))
    at = models.DateTimeField(_("as of"))
    config = models.JSONField(_("settings"))
    cuts = models.JSONField(_("cuts"))
    sizes = models.JSONField(_("people by cell"))
    people = models.BigIntegerField(_("people"))
    took_ms = models.IntegerField(_("took (ms)"))

    class Meta:
        db_table = "segmentation_run"
        verbose_name = _("run of a segmentation")
        verbose_name_plural = _("runs of segmentations")
        constraints = [
            # One a day; read by everything that asks for the snapshot of a day or the latest one.
            models.UniqueConstraint(fields=["segmentation", "day"], name="segmentation_run_day"),
        ]

    def __str__(self) -> str:
        return f"{self.segmentation_id}, {self.day}"


class SegmentMembers(models.Model):
    """Who of one shard was in one cell: a serialized bitmap (`audiences.bitmaps`); no row where nobody was."""

    pk = models.CompositePrimaryKey("run_id", "cell", "shard")
    run = models.ForeignKey(SegmentationRun, models.CASCADE, related_name="+", db_index=False)
    cell = models.TextField()
    shard = models.SmallIntegerField()
    members = models.BinaryField()

    class Meta:
        db_table = "segment_members"
        verbose_name = _("members of a cell")
        verbose_name_plural = _("members of cells")

    def __str__(self) -> str:
        return f"{self.run_id}/{self.cell}/{self.shard}"


class SegmentPiece(models.Model):
    """What a run under way has measured so far; gone when it has settled."""

    pk = models.CompositePrimaryKey("segmentation_id", "number")
    segmentation = models.ForeignKey(Segmentation, models.CASCADE, related_name="+", db_index=False)
    number = models.IntegerField()
    body = models.BinaryField()

    class Meta:
        db_table = "segment_piece"
        verbose_name = _("piece of a run")
        verbose_name_plural = _("pieces of runs")

    def __str__(self) -> str:
        return f"{self.segmentation_id}/{self.number}"
