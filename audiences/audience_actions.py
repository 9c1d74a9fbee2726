"""The verbs of audiences: each one transaction and one audit row.

`actor` None is no person (a replay loading a file): nothing is audited then.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from audiences import asking, membership
from audiences.audience_documents import AudienceChange, AudienceDocument, ListChange
from audiences.bitmaps import Members
from audiences.definitions.check import check_definition
from audiences.hints import is_silenced
from audiences.listed import Listed, find_listed
from audiences.models import Audience, Workspace
from audiences.refreshing import ask_refresh
from audiences.schedules import keep_schedule
from itinera.kit import audit
from itinera.kit.errors import Problem, Refusal
from itinera.kit.models import Job
from itinera.kit.wire import django_cursor

REFRESH_TASK = "audiences.tasks.refresh"


@dataclass
class Saved:
    """An audience as it is now, and what is odd about what was asked (warnings)."""

    audience: Audience
    problems: list[Problem] = field(default_factory=list)


def create(actor: audit.Actor, wanted: AudienceDocument, now: datetime) -> Saved:
    """A new audience; a refresh that finds its members begins at once. Refusal if the short name is taken."""
    with transaction.atomic():
        asking.lock_definitions()
        return _keep(actor, _new(wanted.slug, wanted.kind), wanted, now)


def create_list(
    actor: audit.Actor, slug: str, name: str, kind: str, members: Members, source: str, now: datetime
) -> Audience:  # fmt: skip
    """A new fixed list of people who are known by number; `source` says in words where they come from."""
    with transaction.atomic():
        asking.lock_definitions()
        row = _new(slug, kind)
        row.name, row.definition = name, {"members": {"source": source}}
        _write(actor, row, None, members, now)
    return row


def save(actor: audit.Actor, wanted: AudienceDocument, now: datetime) -> Saved:
    """Make an audience as the document says, whether it is there already or not: what a workspace file does."""
    with transaction.atomic():
        asking.lock_definitions()
        row = Audience.objects.select_for_update().filter(slug=wanted.slug).first()
        if row is not None and row.kind != wanted.kind:
            words = _("An audience stays with its kind of people.")
            raise Refusal.because("kind_is_fixed", words, path="kind", status=409)
        return _keep(actor, row or _new(wanted.slug, wanted.kind), wanted, now)


def change(
    actor: audit.Actor, slug: str, wanted: AudienceChange, now: datetime, revision: int | None = None
) -> Saved:  # fmt: skip
    """Change what is named, archive or bring back. Refusal if somebody has changed it since `revision`."""
    with transaction.atomic():
        asking.lock_definitions()
        row = _locked(slug)
        if revision is not None and row.revision != revision:
            words = _("Somebody has changed this meanwhile. Look at it again.")
            raise Refusal.because("changed_meanwhile", words, status=412)
        if "archived" in wanted.model_fields_set and wanted.archived and row.archived_at is None:
            asking.refuse_if_asked_for(slug)
        return _keep(actor, row, wanted, now)


def change_list(actor: audit.Actor, slug: str, wanted: ListChange, now: datetime) -> Saved:
    """Put people on a fixed list and take others off. Who is unknown is told; the others count."""
    cursor = django_cursor()
    with transaction.atomic():
        row = _locked(slug)
        _refuse_archived(row)
        if "members" not in row.definition:
            raise Refusal.because("not_a_list", _("Only a fixed list is changed person by person."), status=409)
        added = find_listed(cursor, wanted.add, row.kind, "add")
        removed = find_listed(cursor, wanted.remove, row.kind, "remove")
        before = _stored(row)
        members = (before | added.members) - removed.members
        if members != before:
            row.revision += 1
            row.save(update_fields=["revision", "updated_at"])
            membership.store(cursor, row, members, now, 0)
            counts = {"size": len(members), "given": added.given + removed.given}
            _audit(actor, "audience.change_list", row, {"size": len(before)}, counts)
    return Saved(row, added.problems + removed.problems)


def delete(actor: audit.Actor, slug: str) -> None:
    """Refusal with the names of all that asks for it."""
    with transaction.atomic():
        asking.lock_definitions()
        row = _locked(slug)
        asking.refuse_if_asked_for(slug)
        _schedule(row, None)
        _audit(actor, "audience.delete", row, _state(row), None)
        row.delete()


def refresh(actor: audit.Actor, slug: str, now: datetime) -> Job:
    """A job that finds its members anew; the one that is under way, if there is one."""
    with transaction.atomic():
        row = _locked(slug)
        _refuse_archived(row)
        job = ask_refresh(slug, actor, now)
        _audit(actor, "audience.refresh", row, None, {"job": job.pk})
    return job


def _new(slug: str, kind: str) -> Audience:
    if Audience.objects.filter(slug=slug).exists():
        words = _("There is an audience of this short name already.")
        raise Refusal.because("already_there", words, path="slug", status=409)
    return Audience(slug=slug, kind=kind, revision=0)


def _locked(slug: str) -> Audience:
    row = Audience.objects.select_for_update().filter(slug=slug).first()
    if row is None:
        raise Refusal.because("not_found", _("There is no such audience."), status=404)
    return row


def _refuse_archived(row: Audience) -> None:
    if row.archived_at is not None:
        raise Refusal.because("archived", _("This audience is archived."), status=409)


def _keep(actor: audit.Actor, row: Audience, wanted: AudienceDocument | AudienceChange, now: datetime) -> Saved:
    """Make the row say what is wanted, if it does not yet."""
    before = None if row.pk is None else _state(row)
    listed = _take(row, wanted, now)
    problems = [] if listed is None else listed.problems
    is_restored = before is not None and before["archived"] and row.archived_at is None
    if wanted.way or is_restored:
        checked = check_definition(row.definition, row.kind, row.slug, wanted.way or "definition")
        row.asks, problems = sorted(checked.asks), [*checked.problems, *problems]
    members = None if listed is None else listed.members
    if before != _state(row) or (members is not None and members != _stored(row)):
        _write(actor, row, before, members, now)
    return Saved(row, problems)


def _take(row: Audience, wanted: AudienceDocument | AudienceChange, now: datetime) -> Listed | None:
    """Set the fields that are wanted; who is on the list, if it brings one. A whole document brings all fields."""
    is_whole = isinstance(wanted, AudienceDocument)
    for name in ("name", "description", "every"):
        if is_whole or name in wanted.model_fields_set:
            setattr(row, name, getattr(wanted, name))
    if is_whole:
        row.archived_at = None
    elif "archived" in wanted.model_fields_set:
        row.archived_at = (row.archived_at or now) if wanted.archived else None
    if wanted.way == "members":
        row.definition = {"members": {}}
        return find_listed(django_cursor(), wanted.members or (), row.kind, "members")
    if wanted.way:
        row.definition = {"rule": wanted.rule} if wanted.way == "rule" else wanted.definition
    return None


def _write(
    actor: audit.Actor, row: Audience, before: Mapping[str, Any] | None, members: Members | None, now: datetime
) -> None:  # fmt: skip
    row.revision += 1
    if before is None and isinstance(actor, User):
        row.created_by = actor
    row.save()
    _schedule(row, row.every if row.archived_at is None else None)
    _audit(actor, "audience.create" if before is None else "audience.change", row, before, _state(row))
    is_redefined = before is None or before["definition"] != row.definition or before["archived"]
    if members is None and is_redefined and "members" in row.definition:
        # Who was in it stays in it, as a fixed list from now on.
        members = _stored(row)
    if members is not None:
        membership.store(django_cursor(), row, members, now, 0)
    elif is_redefined and row.archived_at is None and not is_silenced():
        ask_refresh(row.slug, actor, now)


def _stored(row: Audience) -> Members:
    return Members() if row.pk is None else membership.load(django_cursor(), [row.pk])[row.pk]


def _schedule(row: Audience, every: str | None) -> None:
    zone = Workspace.objects.values_list("zone", flat=True).get()
    keep_schedule(f"audience {row.slug}", REFRESH_TASK, {"slug": row.slug}, every, zone)


def _state(row: Audience) -> dict[str, Any]:
    shown = ("name", "description", "kind", "definition", "every")
    return {**{name: getattr(row, name) for name in shown}, "archived": row.archived_at is not None}


def _audit(
    actor: audit.Actor, verb: str, row: Audience, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None
) -> None:  # fmt: skip
    if actor is None:
        return
    if before is not None and after is not None:
        before, after = audit.difference(before, after)
    audit.record(actor, verb, f"audience:{row.slug}", before, after)
