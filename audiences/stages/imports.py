"""Deletes the files of old imports: they hold personal data that nobody needs any more."""

from __future__ import annotations

from datetime import datetime

from audiences.imports.run import KEPT, forget
from audiences.models.upload import Upload
from itinera.kit.errors import Refusal
from itinera.kit.stage import StageReport


def run(now: datetime, limit: int = 100) -> StageReport:
    """Files that were brought a month ago; one that is being imported stays for another day."""
    old = Upload.objects.filter(forgotten_at=None, uploaded_at__lt=now - KEPT).order_by("id")[:limit]
    done = 0
    for upload in old:
        try:
            forget(upload, "system", now)
        except Refusal:
            continue
        done += 1
    return StageReport("imports", done, more=done == limit)
