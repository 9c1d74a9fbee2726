"""Takes a file in: written to disk as it comes, looked through once, and described."""

from __future__ import annotations

import csv
import hashlib
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TextIO

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from audiences.files.raw import LONGEST_LINE
from audiences.files.table import find_encoding
from audiences.imports.mapping import guess
from audiences.models.catalogue import AttributeType
from audiences.models.upload import Upload, UploadTarget
from itinera.kit import audit
from itinera.kit.errors import Refusal

LARGEST = 500 * 1024 * 1024
"""In bytes."""
MOST_COLUMNS = 200
DELIMITERS = (",", "\t", ";", "|")


@dataclass(frozen=True, slots=True)
class Described:
    """What one look at a file tells."""

    encoding: str
    delimiter: str
    columns: list[str]
    lines: int


def keep(name: str, chunks: Iterable[bytes], target: str, actor: User | None, now: datetime) -> Upload:
    """Write the file, describe it, guess what its columns mean. Refusal with codes too_large, empty, not_text,
    bad_header; nothing is left behind then.
    """
    folder = Path(settings.MEDIA_ROOT) / "imports"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{uuid.uuid4().hex}.csv"
    try:
        size, digest = _write(path, chunks)
        found = describe(path)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    with transaction.atomic():
        upload = Upload.objects.create(
            name=Path(name).name[:200], path=str(path.relative_to(settings.MEDIA_ROOT)), size=size, digest=digest,
            encoding=found.encoding, delimiter=found.delimiter, columns=found.columns, lines=found.lines,
            target=UploadTarget(target), uploaded_by=actor, uploaded_at=now,
            mapping=guess(found.columns, target, _labels()),
        )  # fmt: skip
        audit.record(actor, "import.upload", f"import:{upload.pk}", None, {"rows": found.lines, "bytes": size})
    return upload


def _labels() -> dict[str, str]:
    return dict(AttributeType.objects.exclude(label="").values_list("label", "name"))


def _write(path: Path, chunks: Iterable[bytes]) -> tuple[int, str]:
    size, digest = 0, hashlib.sha256()
    with path.open("wb") as file:
        for chunk in chunks:
            size += len(chunk)
            if size > LARGEST:
                words = _("This file is larger than %(most)d MB. Split it, or use “manage.py load”.")
                raise Refusal.because("too_large", words % {"most": LARGEST // 1024**2}, status=413)
            digest.update(chunk)
            file.write(chunk)
    if size == 0:
        raise Refusal.because("empty", _("This file is empty."))
    return size, digest.hexdigest()


def describe(path: Path) -> Described:
    """Encoding, separator, columns and the number of rows below the first line."""
    encoding = find_encoding(path)
    with path.open(encoding=encoding, newline="") as text:
        delimiter = _delimiter(text.readline(LONGEST_LINE))
    with reading(path, encoding, delimiter) as (rows, _file):
        columns = [cell.strip() for cell in next(rows, [])]
        _check_columns(columns)
        try:
            lines = sum(1 for cells in rows if any(cells))
        except csv.Error as error:
            words = _("This file cannot be read as a table: %(reason)s.") % {"reason": error}
            raise Refusal.because("bad_row", words) from None
    return Described(encoding, delimiter, columns, lines)


@contextmanager
def reading(path: Path, encoding: str, delimiter: str) -> Iterator[tuple[Iterator[list[str]], TextIO]]:
    """The rows of a table, the first line among them, and the file for whoever wants to know where it is."""
    csv.field_size_limit(LONGEST_LINE)
    with path.open(encoding=encoding, newline="") as text:
        yield csv.reader(text, delimiter=delimiter), text


def _delimiter(first: str) -> str:
    """Whichever stands in the first line most often; a comma if none does."""
    return max(DELIMITERS, key=lambda each: (first.count(each), each == ","))


def _check_columns(columns: list[str]) -> None:
    twice = sorted({name for name in columns if columns.count(name) > 1})
    if not columns or "" in columns or twice:
        words = _("The first line must name every column, each once: %(names)s.")
        raise Refusal.because("bad_header", words % {"names": ", ".join(twice) or "…"}, path="line 1")
    if len(columns) > MOST_COLUMNS:
        words = _("This table has %(count)d columns; at most %(most)d can be read.")
        raise Refusal.because("bad_header", words % {"count": len(columns), "most": MOST_COLUMNS}, path="line 1")
