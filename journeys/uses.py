"""Journeys that use a tag or a look-up table: neither goes away while people walk by it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from audiences.uses import Thing, mentions
from channels_out.lookups import reads
from journeys.models import Version, VersionStatus


def journeys_that_use(thing: Thing) -> Iterator[str]:
    """Those of which a version that people are in, or may enter, uses it."""
    versions = Version.objects.exclude(status=VersionStatus.ENDED).order_by("journey__slug", "number")
    for slug, canvas in versions.values_list("journey__slug", "canvas"):
        if mentions(canvas, thing) or any(reads(content, thing) for content in _contents(canvas)):
            yield _("journey %(name)s") % {"name": slug}


def _contents(canvas: Any) -> Iterator[tuple[str, Any]]:
    """The contents of its messages, with their channels."""
    for node in canvas["nodes"]:
        config = node.get("config", {})
        if node["type"] == "message" and config.get("content") is not None:
            yield config["channel"], config["content"]
