"""The verbs of a segmentation: each one transaction and one audit row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from pydantic import AfterValidator, Field, ValidationError
from pydantic_core import PydanticCustomError

from audiences.models import PeopleKind, Segmentation, Tag, TagSource, ValueType
from audiences.rules import load_catalogue
from audiences.rules.fields import Slug
from audiences.rules.window_ast import Part
from audiences.segmentations import snapshots
from audiences.segmentations.base import TYPES
from audiences.segmentations.runs import JOB, subject
from audiences.segmentations.schedule import drop_schedule, keep_schedule
from itinera.kit import audit, jobs
from itinera.kit.cron import is_cron
from itinera.kit.errors import Problem, Refusal
from itinera.kit.models import Job
from itinera.kit.validation import problems_of
from itinera.kit.wire import django_cursor


def _cron(line: str) -> str:
    if not is_cron(line):
        raise PydanticCustomError("bad_cron", gettext_noop("This is no cron line such as 0 2 * * *."))
    return line


def _type(name: str) -> str:
    if name not in TYPES:
        raise PydanticCustomError("wrong_value", gettext_noop("There is no such type of segmentation."))
    return name


class Entry(Part):
    """A segmentation as the API and workspace files give it."""

    slug: Slug
    name: Annotated[str, Field(min_length=1, max_length=200)]
    type: Annotated[str, AfterValidator(_type)]
    kind: PeopleKind = PeopleKind.CONSUMER
    config: dict[str, Any] = {}
    every: Annotated[str, AfterValidator(_cron)] | None = "0 2 * * *"


@dataclass(frozen=True, slots=True)
class Saved:
    """The segmentation, and what is odd about it without forbidding it."""

    segmentation: Segmentation
    warnings: tuple[Problem, ...]


def read_entry(value: object) -> Entry:
    """Refusal with all problems of its form."""
    try:
        return Entry.model_validate(value)
    except ValidationError as error:
        raise Refusal(problems_of(error)) from error


@transaction.atomic
def save(actor: audit.Actor, entry: Entry) -> Saved:
    """Make a segmentation, or change the one of this short name. Its type and its kind of people are for good.

    What it has found so far stays; the next run goes by the new settings. Without an actor nothing is audited.
    """
    problems = _problems(entry)
    known = Segmentation.objects.select_for_update().filter(slug=entry.slug).first()
    if known is not None and (known.type, known.kind) != (entry.type, entry.kind):
        words = _("The type and the kind of people of a segmentation cannot be changed.")
        raise Refusal.because("is_for_good", words, path="type" if known.type != entry.type else "kind", status=409)
    before = _state(known) if known is not None else None
    kept = known or Segmentation(slug=entry.slug, type=entry.type, kind=entry.kind, created_by=_person(actor))
    kept.name, kept.config, kept.every = entry.name, entry.config, entry.every
    after = _state(kept)
    if before != after:
        kept.save()
        _keep_tag(kept)
        keep_schedule(kept)
        if actor is not None:
            audit.record(actor, "segmentation.save", subject(kept.slug), before, after)
    return Saved(kept, problems)


@transaction.atomic
def delete(actor: audit.Actor, segmentation: Segmentation) -> None:
    """Forget it with all its snapshots; the tag stays on people as it is, and may from now on be set by hand."""
    kept = Segmentation.objects.select_for_update().get(pk=segmentation.pk)
    snapshots.drop_all(kept)
    drop_schedule(kept.slug)
    Tag.objects.filter(slug=kept.slug, source=TagSource.MODEL).update(source=TagSource.MANUAL)
    audit.record(actor, "segmentation.delete", subject(kept.slug), _state(kept), None)
    kept.delete()


@transaction.atomic
def run(actor: audit.Actor, segmentation: Segmentation, now: datetime) -> Job:
    """Run it now, or join the run that is under way. A person's wish is audited, a schedule's (no actor) is not."""
    job = jobs.ask(JOB, subject(segmentation.slug), actor, now)
    if actor is not None:
        audit.record(actor, "segmentation.run", subject(segmentation.slug), None, {"job": job.pk})
    return job


def _problems(entry: Entry) -> tuple[Problem, ...]:
    """The warnings; Refusal if there are errors."""
    kind = TYPES[entry.type]
    config = kind.read(entry.config)
    found = tuple(kind.check(config, load_catalogue(django_cursor()), "config"))
    if errors := [problem for problem in found if problem.severity == "error"]:
        raise Refusal(errors)
    return found


def _keep_tag(segmentation: Segmentation) -> None:
    """The tag whose value is the cell somebody is in. One that others set is not taken from them."""
    tag = Tag.objects.select_for_update().filter(slug=segmentation.slug).first()
    if tag is None:
        tag = Tag(slug=segmentation.slug, kind=segmentation.kind, type=ValueType.TEXT, source=TagSource.MODEL)
    elif tag.source != TagSource.MODEL:
        words = _("There is a tag %(slug)s already, which others set. Choose another short name.")
        raise Refusal.because("tag_taken", words % {"slug": tag.slug}, path="slug", status=409)
    tag.label = segmentation.name
    tag.save()


def _person(actor: audit.Actor) -> User | None:
    return actor if isinstance(actor, User) else None


def _state(segmentation: Segmentation) -> dict[str, object]:
    return {
        "name": segmentation.name,
        "type": segmentation.type,
        "kind": segmentation.kind,
        "config": segmentation.config,
        "every": segmentation.every,
    }
