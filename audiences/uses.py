"""What uses a tag or a look-up table: nothing that is asked for goes away.

Whatever may use one says so when its app starts:

    USERS.register("journeys", journeys_that_use)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Literal, NamedTuple

from django.utils.translation import gettext as _

from audiences.models import AttributeType, Audience, EventType, Tag
from itinera.kit.errors import Refusal
from itinera.kit.registry import Registry


class Thing(NamedTuple):
    """A tag or a look-up table. `part` narrows what counts: one column of a table; of a tag `SET`, being set."""

    kind: Literal["tag", "lookup"]
    slug: str
    part: str | None = None


SET = "set"
_SETTERS = ("tags_add", "tags_remove")


User = Callable[[Thing], Iterable[str]]
"""What uses a thing, in words for the reader: `journey welcome`."""

USERS: Registry[User] = Registry("users of tags and look-up tables")


def users_of(thing: Thing) -> list[str]:
    """Everything that uses it, in the reader's language."""
    return list(dict.fromkeys(name for user in USERS.values() for name in user(thing)))


def refuse_if_used(thing: Thing, path: str | None = None) -> None:
    """Refusal with the names of all that uses it."""
    if names := users_of(thing):
        words = _("This is used by: %(names)s.") % {"names": ", ".join(names)}
        raise Refusal.because("asked_for", words, path=path, status=409)


def mentions(document: Any, thing: Thing) -> bool:
    """Whether a JSON document uses a thing anywhere: in its rules, or by setting the tag."""
    if isinstance(document, list):
        return any(mentions(each, thing) for each in document)
    if not isinstance(document, dict):
        return False
    if thing.kind == "tag":
        found = any(isinstance(document.get(name), list) and thing.slug in document[name] for name in _SETTERS)
        found = found or (thing.part != SET and document.get("tag") == thing.slug)
    else:
        via = document.get("via")
        named = isinstance(via, dict) and via.get("table") == thing.slug
        found = named and thing.part in (None, via["column"])
    return found or any(mentions(each, thing) for each in document.values())


def register() -> None:
    """What uses them within this package."""
    USERS.register("audiences", _audiences)
    USERS.register("tags", _tags)
    USERS.register("catalogue", _catalogue)


def _audiences(thing: Thing) -> Iterator[str]:
    for slug, definition in (
        Audience.objects.filter(archived_at=None).order_by("slug").values_list("slug", "definition")
    ):
        if mentions(definition, thing):
            yield _("audience %(name)s") % {"name": slug}


def _tags(thing: Thing) -> Iterator[str]:
    for slug, cases in Tag.objects.exclude(cases=[]).order_by("slug").values_list("slug", "cases"):
        if thing != Thing("tag", slug) and mentions(cases, thing):
            yield _("tag %(name)s") % {"name": slug}


def _catalogue(thing: Thing) -> Iterator[str]:
    if thing.kind != "lookup" or thing.part is not None:
        return
    for name in AttributeType.objects.filter(lookup=thing.slug).order_by("name").values_list("name", flat=True):
        yield _("attribute %(name)s") % {"name": name}
    for name, properties in EventType.objects.order_by("name").values_list("name", "properties"):
        if any(each.get("lookup") == thing.slug for each in properties):
            yield _("event %(name)s") % {"name": name}
