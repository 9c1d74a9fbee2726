"""The verbs of tags: each one transaction and one audit row.

`actor` None is no person (a replay loading a file): nothing is audited then.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from pydantic_core import PydanticCustomError

from audiences import asking
from audiences.definitions.check import check_definition
from audiences.hints import is_silenced
from audiences.models import Audience, Tag, TagSource, Workspace
from audiences.schedules import keep_schedule
from audiences.tag_documents import Applying, TagChange, TagDocument, check_whole
from audiences.tag_jobs import APPLY, DELETE, ask_refresh
from audiences.typed import fits
from audiences.uses import SET, Thing, mentions, refuse_if_used
from itinera.kit import audit
from itinera.kit.errors import Problem, Refusal
from itinera.kit.jobs import ask
from itinera.kit.models import Job

REFRESH_TASK = "audiences.tasks.refresh_tag"
_FIELDS = ("label", "group", "type", "source", "cases", "every")


@dataclass
class Saved:
    """A tag as it is now, and what is odd about what was asked (warnings)."""

    tag: Tag
    problems: list[Problem] = field(default_factory=list)


def create(actor: audit.Actor, wanted: TagDocument, now: datetime) -> Saved:
    """A new tag; if it is one by rule, a refresh begins at once. Refusal if the short name is taken."""
    with transaction.atomic():
        asking.lock_definitions()
        if Tag.objects.filter(slug=wanted.slug).exists():
            words = _("There is a tag of this short name already.")
            raise Refusal.because("already_there", words, path="slug", status=409)
        return _keep(actor, Tag(slug=wanted.slug, kind=wanted.kind), wanted, None, now)


def save(actor: audit.Actor, wanted: TagDocument, now: datetime) -> Saved:
    """Make a tag as the document says, whether it is there already or not: what a workspace file does."""
    with transaction.atomic():
        asking.lock_definitions()
        row = Tag.objects.select_for_update().filter(slug=wanted.slug).first()
        if row is None:
            return _keep(actor, Tag(slug=wanted.slug, kind=wanted.kind), wanted, None, now)
        if row.kind != wanted.kind:
            # Seen in data for somebody of another kind, it may still become what the brand says it is.
            if row.declared:
                raise Refusal.because(
                    "kind_is_fixed", _("A tag stays with its kind of people."), path="kind", status=409
                )
            row.kind = wanted.kind
        return _keep(actor, row, wanted, _state(row), now)


def change(actor: audit.Actor, slug: str, wanted: TagChange, now: datetime) -> Saved:
    """Change what is named. Refusal where a model keeps it, or a live journey sets what would be kept by rule."""
    with transaction.atomic():
        asking.lock_definitions()
        row = locked(slug)
        return _keep(actor, row, wanted, _state(row), now)


def delete(actor: audit.Actor, slug: str, now: datetime) -> Job:
    """A job that takes it from everybody and out of the catalogue. Refusal with the names of all that asks for it."""
    with transaction.atomic():
        asking.lock_definitions()
        row = locked(slug)
        if row.source == TagSource.MODEL:
            raise _of_model()
        refuse_if_used(Thing("tag", slug))
        _audit(actor, "tag.delete", slug, _state(row), None)
        _schedule(slug, None)
        # From now on it is nobody's to set: neither files nor journeys bring it back while it is taken away.
        row.source, row.cases, row.every = TagSource.RULE, [], None
        row.save()
        return ask(DELETE, f"tag:{slug}", actor, now, {"slug": slug})


def refresh(actor: audit.Actor, slug: str, now: datetime) -> Job:
    """A job that finds anew who has it (a tag by rule), or how many have it (others)."""
    with transaction.atomic():
        locked(slug)
        job = ask_refresh(slug, actor, now)
        _audit(actor, "tag.refresh", slug, None, {"job": job.pk})
    return job


def apply(actor: audit.Actor, slug: str, wanted: Applying, now: datetime) -> Job:
    """A job that gives the tag to everybody in an audience as it is when it runs, or takes it from them."""
    with transaction.atomic():
        row = locked(slug)
        refuse_kept(row)
        if not wanted.remove:
            refuse_wrong_value(row, wanted.value, "value")
        audience = Audience.objects.filter(slug=wanted.audience, archived_at=None).first()
        if audience is None:
            words = _("There is no audience %(slug)s.") % {"slug": wanted.audience}
            raise Refusal.because("unknown_audience", words, path="audience")
        if audience.kind != row.kind:
            words = _("The audience %(name)s holds another kind of people.") % {"name": wanted.audience}
            raise Refusal.because("wrong_people", words, path="audience")
        job = ask(APPLY, f"tag:{slug}", actor, now, {"slug": slug, "by": audit.name_of(actor), **wanted.model_dump()})
        _audit(actor, "tag.apply", slug, None, {"job": job.pk, **wanted.model_dump()})
    return job


def locked(slug: str) -> Tag:
    """The tag's row. Refusal (404) if it is not there."""
    row = Tag.objects.select_for_update().filter(slug=slug).first()
    if row is None:
        raise Refusal.because("not_found", _("There is no such tag."), status=404)
    return row


def refuse_kept(row: Tag, path: str | None = None) -> None:
    """Refusal if a rule or a model keeps it."""
    if row.source != TagSource.MANUAL:
        words = _("The tag %(tag)s is kept by its rule or model: it cannot be set by hand.") % {"tag": row.slug}
        raise Refusal.because("kept_tag", words, path=path, status=409)


def refuse_wrong_value(row: Tag, value: Any, path: str) -> None:
    """Refusal if a tag does not have such values."""
    if not (value is True if row.type is None else fits(value, row.type)):
        raise Refusal.because("wrong_type", _("A value does not have the type of the tag."), path=path)


def _keep(actor: audit.Actor, row: Tag, wanted: TagChange, before: Mapping[str, Any] | None, now: datetime) -> Saved:
    _take(row, wanted, whole=isinstance(wanted, TagDocument))
    problems = _checked(row, before)
    if before == _state(row):
        return Saved(row, problems)
    row.save()
    _schedule(row.slug, row.every)
    _audit(actor, "tag.create" if before is None else "tag.change", row.slug, before, _state(row))
    is_new_rule = before is None or any(before[name] != getattr(row, name) for name in ("cases", "source", "type"))
    if row.source == TagSource.RULE and is_new_rule and not is_silenced():
        ask_refresh(row.slug, actor, now)
    return Saved(row, problems)


def _take(row: Tag, wanted: TagChange, *, whole: bool) -> None:
    given = {name for name in _FIELDS if whole or name in wanted.model_fields_set}
    if row.source == TagSource.MODEL and given - {"label", "group"}:
        raise _of_model()
    for name in given:
        value = getattr(wanted, name)
        setattr(row, name, [case.model_dump() for case in value] if name == "cases" else value)
    row.declared = True


def _checked(row: Tag, before: Mapping[str, Any] | None) -> list[Problem]:
    """What is odd about its rules. Refusal for what forbids saving it."""
    try:
        if row.source != TagSource.MODEL:
            check_whole(row.source, row.type, [case["value"] for case in row.cases], row.every)
    except PydanticCustomError as error:
        raise Refusal.because(error.type, _(error.message_template)) from error
    if row.source == TagSource.RULE and before is not None and before["source"] != TagSource.RULE:
        refuse_if_used(Thing("tag", row.slug, SET), "source")
    if mentions(row.cases, Thing("tag", row.slug)):
        raise Refusal.because("tag_loop", _("A rule of this tag asks for the tag itself."), path="cases")
    problems: list[Problem] = []
    for place, case in enumerate(row.cases):
        problems += check_definition({"rule": case["rule"]}, row.kind, "", f"cases[{place}]").problems
    return problems


def _schedule(slug: str, every: str | None) -> None:
    zone = Workspace.objects.values_list("zone", flat=True).get()
    keep_schedule(f"tag {slug}", REFRESH_TASK, {"slug": slug}, every, zone)


def _of_model() -> Refusal:
    words = _("A model keeps this tag: only its label and group can be changed here.")
    return Refusal.because("kept_tag", words, status=409)


def _state(row: Tag) -> dict[str, Any]:
    return {name: getattr(row, name) for name in (*_FIELDS, "kind", "declared")}


def _audit(
    actor: audit.Actor, verb: str, slug: str, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None
) -> None:  # fmt: skip
    if actor is None:
        return
    if before is not None and after is not None:
        before, after = audit.difference(before, after)
    audit.record(actor, verb, f"tag:{slug}", before, after)
