"""The sections of a workspace file that belong to this package, and are not a file of their own: zone, catalogue,
holdout, segmentations.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, field_validator
from pydantic_core import PydanticCustomError

from audiences.actions import declare_attribute, declare_event, set_holdout, set_zone
from audiences.models import AttributeType, EventType, PeopleKind, Workspace
from audiences.models.workspace import of_consumers
from audiences.rules.fields import Name, Slug
from audiences.segmentations.actions import save as save_segmentation
from audiences.segmentations.documents import read_segmentation
from audiences.workspace_audiences import load_audiences, write_audiences
from audiences.workspace_loaders import LOADERS, WRITERS, Loaded, Occasion, load_each
from audiences.workspace_words import load_lookups, load_tags, write_lookups, write_tags
from itinera.kit.errors import Problem, Refusal
from itinera.kit.validation import place, problems_of
from itinera.kit.zones import is_zone

TypeName = Literal["text", "number", "money", "boolean", "date", "datetime", "list"]
Label = Annotated[str, Field(max_length=200)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    @field_validator("name", check_fields=False)
    @classmethod
    def _is_printable(cls, value: str) -> str:
        if not value.isprintable():
            raise PydanticCustomError("bad_text", gettext_noop("This name holds characters that cannot be seen."))
        return value


class AttributeEntry(_Part):
    """An attribute of profiles; `lookup` is the look-up table whose rows its values name."""

    name: Name
    type: TypeName
    label: Label = ""
    lookup: Slug | None = None


class PropertyEntry(_Part):
    """A property of an event."""

    name: Name
    type: TypeName
    label: Label = ""
    lookup: Slug | None = None


class EventEntry(_Part):
    """A kind of event."""

    name: Name
    label: Label = ""
    properties: tuple[PropertyEntry, ...] = ()


class HoldoutEntry(_Part):
    """Who is kept out of everything, to measure what it is worth. Without salt or kinds the present ones stay."""

    salt: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    percent: Annotated[int, Field(ge=0, le=100, strict=True)]
    kinds: tuple[PeopleKind, ...] | None = None


def load_catalogue(section: Any, occasion: Occasion) -> Loaded:
    """`{"attributes": […], "events": […]}`; what is not named stays as it is."""
    if not isinstance(section, dict):
        return Loaded(0, [Problem("wrong_value", _("This must be an object."))])
    found = Loaded()
    for key in section.keys() - {"attributes", "events"}:
        found.problems.append(Problem("unknown_key", _("There is no such section of the catalogue."), str(key)[:128]))
    keepers: tuple[tuple[str, Any], ...] = (
        ("attributes", lambda entry: declare_attribute(occasion.actor, **_read(AttributeEntry, entry).model_dump())),
        (
            "events",
            lambda entry: declare_event(occasion.actor, **_read(EventEntry, entry).model_dump(), now=occasion.now),
        ),
    )
    for key, keep in keepers:
        loaded = load_each(section.get(key) or [], keep)
        found.count += loaded.count
        found.problems += [
            Problem(each.code, each.detail, place((key,)) + (each.path or ""), severity=each.severity)
            for each in loaded.problems
        ]
    return found


def load_holdout(section: Any, occasion: Occasion) -> Loaded:
    """`{"salt": …, "percent": …, "kinds": […]}`."""
    entry = _read(HoldoutEntry, section)
    set_holdout(occasion.actor, entry.salt, entry.percent, entry.kinds)
    return Loaded(1)


def load_zone(section: Any, occasion: Occasion) -> Loaded:
    """The workspace's time zone."""
    if not isinstance(section, str) or not is_zone(section):
        raise Refusal.because("unknown_zone", _("This is no time zone such as Asia/Shanghai."))
    set_zone(occasion.actor, section)
    return Loaded(1)


def load_segmentations(section: Any, occasion: Occasion) -> Loaded:
    """A list of `{"slug", "name", "type", "kind", "config", "every"}`."""
    return load_each(section, lambda entry: save_segmentation(occasion.actor, read_segmentation(entry)))


def write_zone() -> str:
    """The workspace's time zone."""
    return Workspace.objects.values_list("zone", flat=True).get()


def write_catalogue() -> dict[str, Any]:
    """What was declared; names that were only seen in data come by themselves."""
    attributes = AttributeType.objects.filter(declared=True).order_by("name")
    events = EventType.objects.filter(declared=True).order_by("name")
    return {
        "attributes": [_entry(name=row.name, type=row.type, label=row.label, lookup=row.lookup) for row in attributes],
        "events": [
            {
                **_entry(name=row.name, label=row.label),
                "properties": [
                    _entry(**{key: each.get(key) for key in ("name", "type", "label", "lookup")})
                    for each in row.properties if each.get("declared", True)
                ],
            }
            for row in events
        ],
    }  # fmt: skip


def write_holdout() -> dict[str, Any]:
    """With its salt: elsewhere the same people are kept out."""
    row = Workspace.objects.get()
    told = {"salt": row.holdout_salt, "percent": row.holdout_percent}
    return told if row.holdout_kinds == of_consumers() else {**told, "kinds": row.holdout_kinds}


def _entry(**values: Any) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value}


def _read(model: type[BaseModel], entry: object) -> Any:
    try:
        return TypeAdapter(model).validate_python(entry)
    except ValidationError as error:
        raise Refusal(problems_of(error)) from error


def register() -> None:
    """Called once when the app starts."""
    LOADERS.register("zone", load_zone)
    LOADERS.register("catalogue", load_catalogue)
    LOADERS.register("holdout", load_holdout)
    LOADERS.register("segmentations", load_segmentations)
    LOADERS.register("lookups", load_lookups)
    LOADERS.register("tags", load_tags)
    LOADERS.register("audiences", load_audiences)
    WRITERS.register("zone", write_zone)
    WRITERS.register("catalogue", write_catalogue)
    WRITERS.register("holdout", write_holdout)
    WRITERS.register("lookups", write_lookups)
    WRITERS.register("tags", write_tags)
    WRITERS.register("audiences", write_audiences)
