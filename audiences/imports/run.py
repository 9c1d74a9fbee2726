"""The job that imports an upload, and its verbs. A slice is a few thousand rows; a stop and a resume lose none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import ClassVar

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from audiences.imports.mapping import check
from audiences.imports.rows import Row, upload_rows
from audiences.ingest import IngestReport, ingest_events, ingest_profiles
from audiences.models import Workspace
from audiences.models.upload import Upload, UploadError, UploadTarget
from audiences.rules.catalogue import load_catalogue
from itinera.kit import audit, jobs
from itinera.kit.errors import Refusal
from itinera.kit.jobs import JobKind, Slice
from itinera.kit.models import Job
from itinera.kit.wire import django_cursor

KIND = "audience.import"
ROWS = 2_000
"""Of one slice."""
KEPT = timedelta(days=30)
"""A file is deleted so long after it was brought."""


class ImportJob(JobKind):
    """Reads on from the line where the last slice ended."""

    lease: ClassVar[timedelta] = timedelta(minutes=2)

    def slice(self, job: Job, now: datetime) -> Slice:
        upload = Upload.objects.get(pk=job.params["upload"])
        after = int(job.cursor.get("line", 1))
        zone = Workspace.objects.values_list("zone", flat=True).get()
        rows = upload_rows(upload, load_catalogue(django_cursor()), zone, after, ROWS)
        if rows:
            _take(upload, rows, now)
        done = min(job.done + len(rows), upload.lines)
        if len(rows) < ROWS:
            Upload.objects.filter(pk=upload.pk).update(finished_at=now)
            return Slice(None, done, upload.lines)
        return Slice({"line": rows[-1].number}, done, upload.lines)


def _take(upload: Upload, rows: Sequence[Row], now: datetime) -> None:
    ingest = ingest_events if upload.target == UploadTarget.EVENTS else ingest_profiles
    report = ingest(
        [row.line for row in rows], now=now, source=f"import:{upload.pk}", places=[row.number for row in rows]
    )
    _keep_errors(upload, {row.number: row for row in rows}, report)
    Upload.objects.filter(pk=upload.pk).update(
        accepted=F("accepted") + report.accepted, duplicates=F("duplicates") + report.duplicates,
        rejected=F("rejected") + len(report.rejected),
    )  # fmt: skip


def _keep_errors(upload: Upload, rows: Mapping[int, Row], report: IngestReport) -> None:
    errors = [
        UploadError(
            upload=upload, line=each.index, code=each.code, detail=each.detail, column=column_of(upload, each.path),
            cells=rows[each.index].cells,
        )
        for each in report.rejected
    ]  # fmt: skip
    UploadError.objects.bulk_create(errors, ignore_conflicts=True)


def column_of(upload: Upload, path: str | None) -> str | None:
    """The column that a problem is about: `attributes.city` of a line came from the column that means it."""
    if path is None or path in upload.columns:
        return path
    meaning = path.replace("attributes.", "attribute:").replace("identities.", "identity:")
    meaning = meaning.replace("properties.", "property:")
    return next((column for column, each in upload.mapping.items() if each in {meaning, f"identity:{path}"}), path)


def set_mapping(upload: Upload, mapping: Mapping[str, str], constants: Mapping[str, str], actor: audit.Actor) -> Upload:
    """Say what the columns mean. Refusal with every problem; refused also once the import has begun."""
    with transaction.atomic():
        kept = Upload.objects.select_for_update().get(pk=upload.pk)
        if Job.objects.filter(subject=f"import:{kept.pk}").exists():
            raise Refusal.because("wrong_status", _("This import has begun; its columns are fixed."), status=409)
        problems = check(mapping, kept.columns, kept.target, constants)
        if problems:
            raise Refusal(problems)
        kept.mapping = {column: mapping.get(column, "") for column in kept.columns}
        kept.constants = {key: value for key, value in constants.items() if value}
        kept.save(update_fields=["mapping", "constants"])
        audit.record(actor, "import.mapping", f"import:{kept.pk}", None, {"mapping": kept.mapping})
    return kept


def start(upload: Upload, actor: audit.Actor, now: datetime) -> Job:
    """Begin, or go on where a stopped or failed import ended."""
    with transaction.atomic():
        kept = Upload.objects.select_for_update().get(pk=upload.pk)
        if kept.forgotten_at is not None:
            raise Refusal.because("wrong_status", _("The file has been deleted meanwhile; bring it again."), status=409)
        problems = check(kept.mapping, kept.columns, kept.target, kept.constants)
        if problems:
            raise Refusal(problems)
        last = Job.objects.filter(subject=f"import:{kept.pk}").first()
        if kept.finished_at is not None or (last is not None and last.is_open):
            raise Refusal.because("wrong_status", _("This import is under way or done."), status=409)
        job = jobs.ask(KIND, f"import:{kept.pk}", actor, now, {"upload": kept.pk}, last.cursor if last else None)
        if last is not None:
            Job.objects.filter(pk=job.pk).update(done=last.done, total=last.total)
        audit.record(actor, "import.start", f"import:{kept.pk}", None, {"from_line": job.cursor.get("line", 1)})
    return job


def forget(upload: Upload, actor: audit.Actor, now: datetime) -> None:
    """Delete the file and the refused rows, which hold personal data; the counts stay."""
    with transaction.atomic():
        kept = Upload.objects.select_for_update().get(pk=upload.pk)
        if Job.objects.filter(subject=f"import:{kept.pk}", state__in=["queued", "running"]).exists():
            raise Refusal.because("wrong_status", _("This import is under way; stop it first."), status=409)
        kept.errors.all().delete()
        kept.forgotten_at = now
        kept.save(update_fields=["forgotten_at"])
        audit.record(actor, "import.forget", f"import:{kept.pk}")
        path = Path(settings.MEDIA_ROOT) / kept.path
        transaction.on_commit(lambda: path.unlink(missing_ok=True))
