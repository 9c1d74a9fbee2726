"""What people change about one profile by hand: one transaction, one audit row, and the history of the profile."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import numpy as np
from django.db import transaction
from django.utils.translation import gettext as _

from audiences import changes, kind_changes
from audiences.lines import BadLine
from audiences.models import AttributeType, Profile, Tag, TagSource
from audiences.profile_documents import ProfileChange
from audiences.stored import stored_json
from audiences.typed import fits, shown_type, wrong
from itinera.kit import audit
from itinera.kit.errors import Problem, Refusal
from itinera.kit.wire import django_cursor


def change(actor: audit.Actor, number: int, wanted: ProfileChange, now: datetime) -> None:
    """Change what is named. Refusal with everything that is wrong: names must be known, values of their types.

    The trail says which names were changed; the values stand in the profile's own history.
    """
    cursor = django_cursor()
    with transaction.atomic():
        changes.prepare(cursor, now)
        profile = Profile.objects.select_for_update(no_key=True).filter(pk=number).first()
        if profile is None:
            raise Refusal.because("not_found", _("There is no such profile."), status=404)
        if problems := [*_attributes(wanted.attributes), *_tags(wanted, profile), *_kind(wanted, profile)]:
            raise Refusal(problems)
        attributes, tags = dict(profile.attributes), dict(profile.tags)
        profile.attributes = _changed(profile.attributes, wanted.attributes)
        profile.tags = _changed(profile.tags, wanted.tags)
        sides = changes.difference(attributes, profile.attributes), changes.difference(tags, profile.tags)
        others = _others(profile, wanted)
        if not any((*sides, others)):
            return
        profile.updated_at = now
        profile.save()
        changes.record(cursor, [changes.Change(number, *sides)], now, f"user:{audit.name_of(actor)}")
        told = {"attributes": sorted(sides[0]), "tags": sorted(sides[1]), **others}
        audit.record(actor, "profile.change", f"profile:{number}", None, {k: v for k, v in told.items() if v})


def _changed(before: Mapping[str, Any], wanted: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in {**before, **wanted}.items() if value is not None}


def _others(profile: Profile, wanted: ProfileChange) -> dict[str, str | None]:
    """Sets kind and zone; those that are new."""
    found: dict[str, str | None] = {}
    for name in ("kind", "zone"):
        value = getattr(wanted, name)
        if name in wanted.model_fields_set and value != getattr(profile, name) and (value or name == "zone"):
            found[name] = value
            setattr(profile, name, value)
    return found


def _attributes(wanted: Mapping[str, Any]) -> Iterator[Problem]:
    known = {row.name: row for row in AttributeType.objects.filter(name__in=list(wanted))}
    for name, value in wanted.items():
        path, attribute = f"attributes.{name}", known.get(name)
        if attribute is None:
            words = _("There is no attribute %(name)s. Declare it in the catalogue first.") % {"name": name[:128]}
            yield Problem("unknown_attribute", words, path)
        elif value is not None:
            yield from _typed(value, attribute.type if attribute.declared else "", path)


def _tags(wanted: ProfileChange, profile: Profile) -> Iterator[Problem]:
    known = {row.slug: row for row in Tag.objects.filter(slug__in=list(wanted.tags))}
    for slug, value in wanted.tags.items():
        path, tag = f"tags.{slug}", known.get(slug)
        if tag is None:
            yield Problem("unknown_tag", _("There is no tag %(slug)s yet.") % {"slug": slug[:128]}, path)
        elif tag.source != TagSource.MANUAL:
            words = _("The tag %(tag)s is kept by its rule or model: it cannot be set by hand.") % {"tag": slug}
            yield Problem("kept_tag", words, path)
        elif value is None:
            continue
        elif tag.kind != (wanted.kind or profile.kind):
            words = _("The tag %(tag)s is for another kind of people.") % {"tag": slug}
            yield Problem("wrong_people", words, path)
        elif tag.type is not None:
            yield from _typed(value, tag.type if tag.declared else "", path)
        elif value is not True:
            words = _("The tag %(tag)s has no values: it is true, or left out.") % {"tag": slug}
            yield Problem("wrong_type", words, path)


def _typed(value: Any, type_: str, path: str) -> Iterator[Problem]:
    """What is wrong with a value of a declared type; without one it may be of any."""
    try:
        stored_json(value, path)
        if not (fits(value, type_) if type_ else shown_type(value)):
            raise wrong(path, type_)
    except BadLine as bad:
        yield Problem(bad.code, bad.detail, bad.path)


def _kind(wanted: ProfileChange, profile: Profile) -> Iterator[Problem]:
    if wanted.kind in (None, profile.kind):
        return
    if kind_changes.held(django_cursor(), np.array([profile.pk], dtype=np.int64)):
        bad = kind_changes.wrong_kind()
        yield Problem(bad.code, bad.detail, bad.path)
