"""The verbs of look-up tables: each one transaction and one audit row.

`actor` None is no person (a replay loading a file): nothing is audited then.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from audiences.batch import IngestReport
from audiences.ingest_lookups import ingest_lookups
from audiences.lookup_documents import LookupChange, LookupDocument
from audiences.models import LookupTable
from audiences.uses import Thing, refuse_if_used
from itinera.kit import audit
from itinera.kit.errors import Problem, Refusal

SLICE = 5_000
"""Rows of one statement."""


def create(actor: audit.Actor, wanted: LookupDocument, now: datetime) -> LookupTable:
    """A new table, with its rows if it brings some. Refusal if the short name is taken or a row is bad."""
    with transaction.atomic():
        if LookupTable.objects.filter(slug=wanted.slug).exists():
            words = _("There is a look-up table of this short name already.")
            raise Refusal.because("already_there", words, path="slug", status=409)
        return _keep(actor, None, wanted, now)


def save(actor: audit.Actor, wanted: LookupDocument, now: datetime) -> LookupTable:
    """Make a table as the document says, whether it is there already or not; rows are added to those it has."""
    with transaction.atomic():
        return _keep(actor, LookupTable.objects.select_for_update().filter(slug=wanted.slug).first(), wanted, now)


def change(actor: audit.Actor, slug: str, wanted: LookupChange) -> LookupTable:
    """Another label, key or columns. Refusal if a column goes that something asks for."""
    with transaction.atomic():
        row = _locked(slug)
        before = _state(row)
        _take(row, wanted)
        _write(actor, row, before)
    return row


def delete(actor: audit.Actor, slug: str) -> None:
    """With all its rows. Refusal with the names of all that asks for it."""
    with transaction.atomic():
        row = _locked(slug)
        refuse_if_used(Thing("lookup", slug))
        before = _state(row)
        row.delete()
        _audit(actor, "lookup.delete", slug, before, None)


def put_rows(
    actor: audit.Actor, slug: str, lines: Sequence[object], now: datetime, source: str
) -> IngestReport:  # fmt: skip
    """Rows into one table; bad ones are told and kept, the good ones beside them go in."""
    with transaction.atomic():
        _found(slug)
        report = ingest_lookups(lines, now=now, source=source, table=slug)
        if report.accepted:
            _audit(actor, "lookup.rows", slug, None, {"rows": report.accepted, "rejected": len(report.rejected)})
    return report


def _keep(actor: audit.Actor, row: LookupTable | None, wanted: LookupDocument, now: datetime) -> LookupTable:
    before = None if row is None else _state(row)
    row = row or LookupTable(slug=wanted.slug)
    _take(row, wanted)
    _write(actor, row, before)
    problems: list[Problem] = []
    for start in range(0, len(wanted.rows), SLICE):
        part = wanted.rows[start : start + SLICE]
        places = range(start, start + len(part))
        report = ingest_lookups(part, now=now, source="workspace", table=wanted.slug, places=places)
        problems += [Problem(bad.code, bad.detail, f"rows[{bad.index}].{bad.path}") for bad in report.rejected]
    if problems:
        raise Refusal(problems)
    return row


def _take(row: LookupTable, wanted: LookupChange) -> None:
    columns = [column.model_dump() for column in wanted.columns]
    stay = {column["name"] for column in columns}
    for gone in (each["name"] for each in row.columns if each["name"] not in stay):
        refuse_if_used(Thing("lookup", row.slug, gone), "columns")
    row.label, row.key, row.columns = wanted.label, wanted.key, columns


def _write(actor: audit.Actor, row: LookupTable, before: Mapping[str, Any] | None) -> None:
    if before == _state(row):
        return
    row.save()
    _audit(actor, "lookup.create" if before is None else "lookup.change", row.slug, before, _state(row))


def _locked(slug: str) -> LookupTable:
    row = LookupTable.objects.select_for_update().filter(slug=slug).first()
    if row is None:
        raise _not_there()
    return row


def _found(slug: str) -> None:
    if not LookupTable.objects.filter(slug=slug).exists():
        raise _not_there()


def _not_there() -> Refusal:
    return Refusal.because("not_found", _("There is no such look-up table."), status=404)


def _state(row: LookupTable) -> dict[str, Any]:
    return {name: getattr(row, name) for name in ("label", "key", "columns")}


def _audit(
    actor: audit.Actor, verb: str, slug: str, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None
) -> None:  # fmt: skip
    if actor is None:
        return
    if before is not None and after is not None:
        before, after = audit.difference(before, after)
    audit.record(actor, verb, f"lookup:{slug}", before, after)
