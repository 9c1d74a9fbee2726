"""The verbs of a segmentation: each one transaction and one audit row.

`actor` None is no person (a schedule, a replay loading a file): nothing is audited then.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from audiences import asking, uses
from audiences.audience_actions import create_list
from audiences.definitions.check import check_definition
from audiences.models import Audience, Segmentation, Tag, TagSource, ValueType, Workspace
from audiences.rules import dump_rule, load_catalogue
from audiences.schedules import keep_schedule
from audiences.segmentations import snapshots
from audiences.segmentations.base import TYPES
from audiences.segmentations.documents import PeopleWish, SegmentationDocument
from audiences.segmentations.runs import JOB, subject
from itinera.kit import audit, jobs
from itinera.kit.errors import Problem, Refusal
from itinera.kit.models import Job
from itinera.kit.wire import django_cursor

TASK = "audiences.tasks.run_segmentation"


@dataclass(frozen=True, slots=True)
class Saved:
    """A segmentation as it is now, and what is odd about what was asked (warnings)."""

    segmentation: Segmentation
    problems: tuple[Problem, ...]


@transaction.atomic
def save(actor: audit.Actor, wanted: SegmentationDocument) -> Saved:
    """Make a segmentation, or change the one of this short name. Its type and its kind of people are for good.

    What it has found so far stays; the next run goes by the new settings.
    """
    asking.hold(wanted.config)
    problems = tuple(_problems(wanted))
    if errors := [problem for problem in problems if problem.severity == "error"]:
        raise Refusal(errors)
    row = Segmentation.objects.select_for_update().filter(slug=wanted.slug).first()
    before = None if row is None else _state(row)
    row = row or Segmentation(slug=wanted.slug, type=wanted.type, kind=wanted.kind)
    for fixed in ("type", "kind"):
        if getattr(row, fixed) != getattr(wanted, fixed):
            words = _("The type and the kind of people of a segmentation are for good.")
            raise Refusal.because("is_fixed", words, path=fixed, status=409)
    row.name, row.config, row.every = wanted.name, wanted.config, wanted.every
    if before != _state(row):
        _write(actor, row, before)
    return Saved(row, problems)


@transaction.atomic
def delete(actor: audit.Actor, segmentation: Segmentation) -> None:
    """Forget it with all its snapshots. The tag stays on people as it is, and may be set by hand from now on."""
    row = Segmentation.objects.select_for_update().get(pk=segmentation.pk)
    snapshots.drop_all(row)
    _schedule(row.slug, None)
    Tag.objects.filter(slug=row.slug, source=TagSource.MODEL).update(source=TagSource.MANUAL)
    audit.record(actor, "segmentation.delete", subject(row.slug), _state(row), None)
    row.delete()


@transaction.atomic
def run(actor: audit.Actor, segmentation: Segmentation, now: datetime) -> Job:
    """Run it now, or join the run that is under way."""
    job = jobs.ask(JOB, subject(segmentation.slug), actor, now)
    if actor is not None:
        audit.record(actor, "segmentation.run", subject(segmentation.slug), None, {"job": job.pk})
    return job


def keep_people(actor: audit.Actor, segmentation: Segmentation, wish: PeopleWish, now: datetime) -> Audience:
    """A fixed list of the people behind a figure. Refusal if there is no such snapshot or cell."""
    people = snapshots.people_at(segmentation, wish.at, wish.then)
    source = " → ".join(
        f"{segmentation.slug}:{spot.cell or '-'} {spot.day}" for spot in (wish.at, wish.then) if spot is not None
    )
    return create_list(actor, wish.slug, wish.name, segmentation.kind, people, source, now)


def _problems(wanted: SegmentationDocument) -> Iterator[Problem]:
    kind = TYPES[wanted.type]
    config = kind.read(wanted.config)
    yield from kind.check(config, load_catalogue(django_cursor()), "config")
    for place, rule in kind.rules(config):
        yield from check_definition({"rule": dump_rule(rule)}, wanted.kind, "", f"config.{place}").problems


def _write(actor: audit.Actor, row: Segmentation, before: dict[str, object] | None) -> None:
    if before is None and isinstance(actor, User):
        row.created_by = actor
    row.save()
    _keep_tag(row)
    _schedule(row.slug, row.every)
    if actor is not None:
        audit.record(actor, "segmentation.save", subject(row.slug), before, _state(row))


def _keep_tag(row: Segmentation) -> None:
    """The tag whose value is the cell somebody is in. One that others set is not taken from them."""
    tag = Tag.objects.select_for_update().filter(slug=row.slug).first()
    if tag is None:
        tag = Tag(slug=row.slug, kind=row.kind, type=ValueType.TEXT, source=TagSource.MODEL)
    elif tag.source != TagSource.MODEL:
        words = _("There is a tag %(slug)s already, which others set. Choose another short name.")
        raise Refusal.because("tag_taken", words % {"slug": tag.slug}, path="slug", status=409)
    tag.label = row.name
    tag.save()


def _schedule(slug: str, every: str | None) -> None:
    zone = Workspace.objects.values_list("zone", flat=True).get()
    keep_schedule(f"segmentation {slug}", TASK, {"slug": slug}, every, zone)


def _state(row: Segmentation) -> dict[str, object]:
    return {name: getattr(row, name) for name in ("name", "type", "kind", "config", "every")}


def _asking(slug: str) -> Iterable[str]:
    rows = Segmentation.objects.order_by("slug")
    return [_("segmentation %(name)s") % {"name": row.slug} for row in rows if slug in asking.mentioned(row.config)]


def _using(thing: uses.Thing) -> Iterable[str]:
    rows = Segmentation.objects.order_by("slug")
    return [_("segmentation %(name)s") % {"name": row.slug} for row in rows if uses.mentions(row.config, thing)]


def register() -> None:
    """Called once when the app starts: what segmentations ask for does not go away."""
    asking.ASKERS.register("segmentations", _asking)
    uses.USERS.register("segmentations", _using)
