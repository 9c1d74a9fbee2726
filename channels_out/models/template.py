"""A template: content with variables that nodes name by slug."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from channels_out.models.account import slug_validator
from channels_out.models.channel import Channel


class Template(models.Model):
    """Content per channel: `{"text"}` for SMS; `{"subject", "text"?, "html"?}` for e-mail."""

    id = models.AutoField(primary_key=True)
    slug = models.CharField(_("slug"), max_length=64, unique=True, validators=[slug_validator])
    channel = models.CharField(_("channel"), max_length=32, choices=Channel.choices)
    name = models.CharField(_("name"), max_length=200)
    content = models.JSONField(_("content"))

    class Meta:
        db_table = "template"
        verbose_name = _("template")
        verbose_name_plural = _("templates")

    def __str__(self) -> str:
        return f"{self.name} ({self.slug})"
