"""Values against the catalogue: declared types are enforced, new names are noted with the type they show. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from audiences.lines import NAME, BadLine, EventLine, ProfileLine
from audiences.rules.catalogue import Catalogue, Known
from audiences.rules.fields import read_day, read_instant
from audiences.rules.kinds import KINDS

MOST_ATTRIBUTES, MOST_EVENTS, MOST_PROPERTIES = 2_000, 2_000, 300
"""How many names there may be; beyond, a sender is mixing up names and values."""

# The types that can be told from the Python type alone, tried first: the others need a look at the text.
_PLAIN: Mapping[str, tuple[type, ...]] = {
    "text": (str,),
    "number": (int, float),
    "money": (int, float),
    "boolean": (bool,),
}
_NOTHING: Mapping[str, Known] = {}


class NewTag(NamedTuple):
    """A tag that was seen: what people call it where that is no slug, the type of its value, whose it is."""

    label: str
    type: str | None
    people: str


@dataclass
class Newcomers:
    """Names seen in good lines that the catalogue does not have, with the types they show."""

    attributes: dict[str, str] = field(default_factory=dict)
    events: dict[str, dict[str, str]] = field(default_factory=dict)
    tags: dict[str, NewTag] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.attributes or self.events or self.tags)


class TypeCheck:
    """Checks lines against one catalogue and gathers what is new in them."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.new = Newcomers()
        self._fine: set[tuple[object, ...]] = set()

    def event(self, line: EventLine) -> None:
        """BadLine `wrong_type` or `too_many_names`.

        Lines of one event mostly have the same names with values of the same Python types: where those decide,
        all after the first are as good as that one.
        """
        shape = (line.event, *line.properties, *map(type, line.properties.values()))
        if shape not in self._fine and self._is_plain(line):
            self._fine.add(shape)

    def _is_plain(self, line: EventLine) -> bool:
        """Checks a line. Whether any other of this shape would pass as well, with nothing to note."""
        known = self.catalogue.events.get(line.event)
        types = known.properties if known else _NOTHING
        new = self.new.events.get(line.event, {})
        fresh: dict[str, str] = {}
        is_plain = known is not None
        for name, value in line.properties.items():
            if value is None:
                continue
            if (type_ := types.get(name)) is not None:
                if type_.declared and not fits(value, type_.type):
                    raise wrong(f"properties.{name}", type_.type)
                is_plain = is_plain and (not type_.declared or type_.type in _PLAIN)
            elif name not in new and (shown := shown_type(value)) is not None:
                _check_name(name, "properties")
                fresh[name] = shown
        if known is None or fresh:
            self._note_event(line.event, known is None, len(types) + len(new), fresh)
        return is_plain and not fresh

    def _note_event(self, name: str, unknown: bool, properties: int, fresh: dict[str, str]) -> None:
        if unknown and name not in self.new.events:
            bounded(len(self.catalogue.events) + len(self.new.events), MOST_EVENTS, "event")
        if fresh:
            bounded(properties + len(fresh) - 1, MOST_PROPERTIES, "properties")
        self.new.events.setdefault(name, {}).update(fresh)

    def profile(self, line: ProfileLine) -> None:
        """BadLine `wrong_type` or `too_many_names`."""
        fresh: dict[str, str] = {}
        for name, value in line.attributes.items():
            if value is None:
                continue
            shown = shown_type(value)
            if (type_ := self.catalogue.attributes.get(name)) is not None and type_.declared:
                if not fits(value, type_.type):
                    raise wrong(f"attributes.{name}", type_.type)
            elif shown is None:
                raise wrong(f"attributes.{name}", "")
            elif type_ is None and name not in self.new.attributes:
                fresh[name] = shown
        if fresh:
            count = len(self.catalogue.attributes) + len(self.new.attributes) + len(fresh)
            bounded(count - 1, MOST_ATTRIBUTES, "attributes")
            self.new.attributes.update(fresh)


def shown_type(value: object) -> str | None:
    """The type that a value shows; None for an object or a list of other things than text."""
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, str):
        return "datetime" if read_instant(value) is not None else "date" if read_day(value) else "text"
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return "list"
    return None


def fits(value: Any, type_: str) -> bool:
    """Whether a value is of a declared type."""
    plain = _PLAIN.get(type_)
    if plain is not None:
        return type(value) in plain
    if type_ == "list":
        return isinstance(value, list) and all(isinstance(each, str) for each in value)
    return KINDS[type_].read(value) is not None


def _check_name(name: str, where: str) -> None:
    if not name or len(name) > NAME or not name.isprintable():
        words = _("This is no name: it is empty, too long or not printable.")
        raise BadLine("bad_text", words, f"{where}.{name[:20]}")


def bounded(count: int, most: int, path: str) -> None:
    """BadLine `too_many_names` if there is no room for one more."""
    if count >= most:
        words = _("There are more than %(most)d names of this sort already. Is this a value in the place of a name?")
        raise BadLine("too_many_names", words % {"most": most}, path)


def wrong(path: str, type_: str) -> BadLine:
    """A value that is not of its declared type, or of no type at all (an empty `type_`)."""
    if not type_:
        return BadLine("wrong_type", _("This must be text, a number, true or false, or a list of texts."), path)
    return BadLine("wrong_type", _("This is declared as %(type)s, and the value is not.") % {"type": type_}, path)
