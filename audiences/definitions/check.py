"""Whether a definition can be saved: its own check, and whether what it rests on is there and forms no circle."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from audiences import asking
from audiences.definitions.base import DEFINITIONS, Definition
from audiences.models import Audience
from audiences.rules import load_catalogue
from audiences.rules.places import AUDIENCE
from itinera.kit.errors import Problem, Refusal
from itinera.kit.wire import django_cursor


@dataclass(frozen=True)
class Checked:
    """A definition that can be saved: its kind, what stands under its key, what it rests on, and warnings."""

    kind: Definition[Any]
    config: Any
    asks: frozenset[str]
    problems: tuple[Problem, ...]


def check_definition(definition: object, people: str, slug: str, path: str) -> Checked:
    """For an audience of this kind of people; `slug` is empty for one that is not saved. Refusal with all errors.

    `path` is where the definition stands; its own key follows, unless the path ends in it already.
    """
    kind, value = _split(definition, path)
    place = path if path == kind.key else f"{path}.{kind.key}"
    config = kind.read(value, place)
    problems = list(kind.check(config, load_catalogue(django_cursor()), AUDIENCE.among(people), place))
    asks = kind.asks(config)
    if not any(each.severity == "error" for each in problems):
        problems += _of_audiences(asks, people, place)
    if errors := [each for each in problems if each.severity == "error"]:
        raise Refusal(errors)
    if slug:
        asking.refuse_loop({**asking.graph(), slug: asks}, slug, place)
    return Checked(kind, config, asks, tuple(problems))


def _split(definition: object, path: str) -> tuple[Definition[Any], object]:
    if not isinstance(definition, dict) or len(definition) != 1:
        words = _("A definition is an object with one key: %(known)s.") % {"known": ", ".join(DEFINITIONS)}
        raise Refusal.because("wrong_value", words, path=path)
    ((key, value),) = definition.items()
    if key not in DEFINITIONS:
        words = _("There is no definition by %(key)s; there are: %(known)s.")
        raise Refusal.because("unknown_definition", words % {"key": key, "known": ", ".join(DEFINITIONS)}, path=path)
    return DEFINITIONS[key], value


def _of_audiences(asks: frozenset[str], people: str, path: str) -> Iterator[Problem]:
    rows: Mapping[str, Audience] = {row.slug: row for row in Audience.objects.filter(slug__in=asks)}
    for slug in sorted(asks):
        row = rows.get(slug)
        if row is None:
            yield Problem("unknown_audience", _("There is no audience %(slug)s.") % {"slug": slug}, path)
        elif row.archived_at is not None:
            yield Problem("archived_audience", _("The audience %(slug)s is archived.") % {"slug": slug}, path)
        elif row.kind != people:
            words = _("The audience %(slug)s holds another kind of people.") % {"slug": slug}
            yield Problem("wrong_people", words, path)
