"""Which audience rests on which, and who else asks for one: loops are refused, and nothing that is asked for goes away.

Whatever may ask for an audience says so when its app starts:

    ASKERS.register("journeys", journeys_that_ask)
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

from django.db import connection
from django.utils.translation import gettext as _

from audiences.models import Audience, Tag
from itinera.kit.errors import Refusal
from itinera.kit.registry import Registry
from itinera.kit.sqlfile import queries

_SQL = queries(__file__, "asking.sql")
DEFINITIONS_LOCK = 7_404
"""Advisory lock of whoever saves a definition: two who each close half of a loop would not see each other."""

Asker = Callable[[str], Iterable[str]]
"""By the slug of an audience what asks for it, in words for the reader: `journey welcome`."""

ASKERS: Registry[Asker] = Registry("askers for audiences")

Graph = Mapping[str, Collection[str]]
"""By audience those that it rests on."""


def graph() -> dict[str, Collection[str]]:
    """As it is stored; a few hundred rows."""
    return dict(Audience.objects.values_list("slug", "asks"))


def loop_of(asks: Graph, slug: str) -> list[str] | None:
    """The shortest way from an audience back to itself: `[a, b, a]`; None if there is none."""
    ways = deque([[slug]])
    seen: set[str] = set()
    while ways:
        way = ways.popleft()
        for other in sorted(asks.get(way[-1], ())):
            if other == slug:
                return [*way, slug]
            if other not in seen:
                seen.add(other)
                ways.append([*way, other])
    return None


def in_order(asks: Graph, slugs: Iterable[str]) -> list[str]:
    """These and all that they rest on, each after those that it rests on (as far as there are no loops)."""
    found: list[str] = []
    seen: set[str] = set()

    def visit(slug: str) -> None:
        if slug not in seen:
            seen.add(slug)
            for other in sorted(asks.get(slug, ())):
                visit(other)
            found.append(slug)

    for slug in slugs:
        visit(slug)
    return found


def refuse_loop(asks: Graph, slug: str, path: str) -> None:
    """Refusal that names the loop, if the audience rests on itself."""
    if loop := loop_of(asks, slug):
        words = _("These audiences rest on each other in a circle: %(loop)s.") % {"loop": " → ".join(loop)}
        raise Refusal.because("audience_cycle", words, path=path)


def lock_definitions() -> None:
    """One at a time saves definitions; held until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(_SQL["lock_definitions"], {"lock": DEFINITIONS_LOCK})


def askers_of(slug: str) -> list[str]:
    """Everything that asks for an audience, in the reader's language."""
    return [name for asker in ASKERS.values() for name in asker(slug)]


def refuse_if_asked_for(slug: str) -> None:
    """Refusal with the names of all that asks for an audience."""
    if names := askers_of(slug):
        words = _("This audience is asked for by: %(names)s.") % {"names": ", ".join(names)}
        raise Refusal.because("asked_for", words, status=409)


def mentioned(document: object) -> Iterator[str]:
    """Whatever a JSON document names as an audience, anywhere: `{"audience": SLUG}`."""
    if isinstance(document, dict):
        if isinstance(slug := document.get("audience"), str):
            yield slug
        document = list(document.values())
    if isinstance(document, list):
        for each in document:
            yield from mentioned(each)


def hold(document: object) -> None:
    """What a document asks for stays until the transaction ends, when those who look find the document."""
    slugs = sorted(set(mentioned(document)))
    if slugs:
        with connection.cursor() as cursor:
            cursor.execute(_SQL["hold"], {"slugs": slugs})


def register() -> None:
    """What asks within this package."""
    ASKERS.register("audiences", _audiences)
    ASKERS.register("tags", _tags)


def _audiences(slug: str) -> Iterable[str]:
    found = Audience.objects.filter(asks__contains=[slug], archived_at=None).order_by("slug")
    return [_("audience %(name)s") % {"name": each} for each in found.values_list("slug", flat=True)]


def _tags(slug: str) -> Iterable[str]:
    tags = Tag.objects.exclude(cases=[]).order_by("slug")
    return [_("tag %(name)s") % {"name": tag.slug} for tag in tags if slug in mentioned(tag.cases)]
