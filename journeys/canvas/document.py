"""The canvas document, format 1: what is saved, exported, compared and published.

The models are the single source of validation, error texts, JSON schema and API docs. A node's
settings are validated by the `Config` of its type, so the list of nodes is a union over the registry.
"""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Annotated, Any, Literal

from django.utils.translation import gettext_noop as _
from pydantic import (
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    SerializeAsAny,
    Tag,
    ValidationError,
    create_model,
    model_validator,
)

from itinera.kit.errors import Refusal
from journeys.canvas.form import form_problems
from journeys.canvas.reading import bounded
from journeys.canvas.settings import Settings
from journeys.canvas.upcasts import upcast
from journeys.nodes import NODES
from journeys.nodes.fields import Config, NodeId, Slug, Text


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Position(_Part):
    """Where the author left the card. No part of the meaning."""

    x: float = 0
    y: float = 0


class CanvasNode(_Part):
    """One step. `config` belongs to the type; a node without settings may leave it out."""

    id: NodeId
    type: str
    name: str = Field(default="", max_length=200)
    note: str = Field(default="", max_length=2000)
    config: SerializeAsAny[Config]
    position: Position | None = None

    @model_validator(mode="before")
    @classmethod
    def _without_settings(cls, value: Any) -> Any:
        return {"config": {}, **value} if isinstance(value, dict) else value


class Edge(_Part):
    """From a port of one node to another node."""

    source: NodeId = Field(alias="from")
    port: Text
    target: NodeId = Field(alias="to")


def _tag(value: Any) -> str | None:
    """Which member of the union; in angle brackets, so that paths can leave it out."""
    type_ = value.get("type") if isinstance(value, dict) else getattr(value, "type", None)
    return f"<{type_}>" if isinstance(type_, str) else None


if TYPE_CHECKING:
    AnyNode = CanvasNode
else:
    _KINDS = [
        Annotated[
            create_model(f"{type_}Node", __base__=CanvasNode, type=(Literal[type_], ...), config=(node.Config, ...)),
            Tag(f"<{type_}>"),
        ]
        for type_, node in NODES.items()
    ]
    AnyNode = Annotated[
        reduce(or_, _KINDS),
        Discriminator(_tag, custom_error_type="unknown_type", custom_error_message=_("There is no such type of step.")),
    ]


class Canvas(_Part):
    """A journey as its author draws it."""

    format: Literal[1]
    name: Text
    slug: Slug
    settings: Settings = Settings()
    nodes: tuple[AnyNode, ...]
    edges: tuple[Edge, ...] = ()


def parse_canvas(document: object) -> Canvas:
    """Read a document of any known format. Refusal names every fault of the form (not of the graph)."""
    newest = upcast(document)
    bounded(newest)
    try:
        return Canvas.model_validate(newest)
    except ValidationError as error:
        raise Refusal(form_problems(error, newest)) from None
