"""The one brand that this installation serves."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from audiences.models.profile import PeopleKind


def of_consumers() -> list[str]:
    """Only customers, unless the workspace says otherwise."""
    return [PeopleKind.CONSUMER]


class Workspace(models.Model):
    """Settings of the whole installation: exactly one row, `id` 1.

    `holdout_kinds` are the kinds of people of whom the holdout is drawn.
    """

    id = models.SmallIntegerField(primary_key=True, default=1, editable=False)
    zone = models.TextField(_("time zone"), default="Asia/Shanghai", db_default="Asia/Shanghai")
    holdout_salt = models.TextField(_("holdout salt"))
    holdout_percent = models.SmallIntegerField(
        _("holdout percent"), default=0, db_default=0, validators=[MaxValueValidator(100)]
    )
    holdout_kinds = ArrayField(
        models.TextField(choices=PeopleKind), verbose_name=_("kinds of people in the holdout"),
        default=of_consumers, db_default=[PeopleKind.CONSUMER], blank=True,
    )  # fmt: skip

    class Meta:
        db_table = "workspace"
        verbose_name = _("workspace")
        verbose_name_plural = _("workspace")
        constraints = [
            models.CheckConstraint(name="workspace_is_one", condition=models.Q(id=1)),
            models.CheckConstraint(
                name="workspace_holdout_is_percent",
                condition=models.Q(holdout_percent__gte=0, holdout_percent__lte=100),
            ),
        ]

    def __str__(self) -> str:
        return self.zone
