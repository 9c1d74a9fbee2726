"""Everything that is wrong with a canvas, found in one go: its form, its shape, and what its words refer to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _
from pydantic import ValidationError

from audiences.models import PeopleKind, TagSource
from audiences.rules.ast import Event, Message, Rule
from audiences.rules.check import placed_leaves
from channels_out.lookups import unknown_lookup
from channels_out.render import compile_content
from itinera.kit.errors import Problem, Refusal
from journeys.canvas.document import Canvas
from journeys.canvas.form import form_problems
from journeys.canvas.graph import Graph, Vertex
from journeys.canvas.reading import bounded
from journeys.canvas.settings import Settings
from journeys.canvas.upcasts import upcast
from journeys.canvas.world import World
from journeys.nodes import NODES
from journeys.nodes.message import MessageConfig
from journeys.nodes.needs import EventMatch
from journeys.nodes.set import SetConfig


def check(document: object, world: World) -> list[Problem]:
    """Every problem of a canvas document. Publishing is forbidden while one of them is an error.

    Faults of form do not hide others: whatever can be read is checked.
    """
    try:
        newest = upcast(document)
        bounded(newest)
    except Refusal as refusal:
        return list(refusal.problems)
    graph = Graph.of(newest)
    settings = _settings(newest.get("settings"))
    people = settings.people if settings is not None else PeopleKind.CONSUMER
    return [
        *_form(newest),
        *graph.problems(),
        *(_of_settings(settings, world) if settings is not None else ()),
        *(problem for vertex in graph.vertices for problem in _of_node(vertex, graph, people, world)),
    ]


def _form(document: Mapping[str, Any]) -> list[Problem]:
    try:
        Canvas.model_validate(document)
    except ValidationError as error:
        return form_problems(error, document)
    return []


def _settings(document: object) -> Settings | None:
    """None where they cannot be read, which is told with the form."""
    try:
        return Settings.model_validate(document or {})
    except ValidationError:
        return None


def _of_settings(settings: Settings, world: World) -> Iterator[Problem]:
    people = settings.people
    if settings.entry.filter is not None:
        yield from world.check_rule(settings.entry.filter, "settings.entry.filter", people)
    if settings.goal is not None:
        when = settings.goal.when
        yield from world.check_rule(_as_rule(EventMatch(when.event, when.where)), "settings.goal.when", people)
    for index, rule in enumerate(settings.exit_when):
        yield from world.check_rule(rule, f"settings.exit_when[{index}]", people)


def _of_node(vertex: Vertex, graph: Graph, people: str, world: World) -> Iterator[Problem]:
    if vertex.node is None:
        return  # told with the form
    kind, config, base = NODES[vertex.node.type], vertex.node.config, f"{vertex.path}.config"
    asked = {**kind.rules(config), **{path: _as_rule(match) for path, match in kind.events(config).items()}}
    for path, rule in asked.items():
        yield from _at(vertex.id, world.check_rule(rule, _join(base, path), people))
        yield from _at(vertex.id, _of_messages(rule, _join(base, path), graph))
    for note in kind.notes(config, graph.wired(vertex), world.today):
        yield Problem(note.code, note.detail, _join(base, note.path), vertex.id, "warning")
    if isinstance(config, MessageConfig):
        yield from _at(vertex.id, _of_message(config, base, world))
    if isinstance(config, SetConfig):
        yield from _at(vertex.id, _of_tags(config, base, people, world))


def _of_message(config: MessageConfig, base: str, world: World) -> Iterator[Problem]:
    if not world.has_account(config.account, config.channel):
        words = _("There is no such account of this channel.")
        yield Problem("unknown_account", words, f"{base}.account")
    if config.template is not None and not world.has_template(config.template, config.channel):
        words = _("There is no such template of this channel.")
        yield Problem("unknown_template", words, f"{base}.template")
    if config.content is not None:
        try:
            compiled = compile_content(config.channel, config.content)
        except Refusal as refusal:
            for each in refusal.problems:
                yield replace(each, path=_join(f"{base}.content", each.path or ""))
        else:
            for part, asked in compiled.lookups_by_part():
                yield from unknown_lookup(asked, world.column(asked.table, asked.column), f"{base}.content.{part}")


def _of_tags(config: SetConfig, base: str, people: str, world: World) -> Iterator[Problem]:
    """Only what nobody else keeps is set here; what is not there yet becomes a tag when the journey is published."""
    for name in ("tags_add", "tags_remove"):
        for place, slug in enumerate(getattr(config, name)):
            tag, path = world.tag(slug), f"{base}.{name}[{place}]"
            if tag is None:
                continue
            if tag.source != TagSource.MANUAL:
                words = _("The tag %(tag)s is kept by its rule or model: a journey cannot set it.") % {"tag": slug}
                yield Problem("kept_tag", words, path)
            elif tag.people != people:
                words = _("The tag %(tag)s is for another kind of people.") % {"tag": slug}
                yield Problem("wrong_people", words, path)
            elif name == "tags_add" and tag.declared and tag.type not in (None, "boolean"):
                words = _("The tag %(tag)s has values: a journey can only add tags without.") % {"tag": slug}
                yield Problem("wrong_type", words, path)


def _of_messages(rule: Rule, path: str, graph: Graph) -> Iterator[Problem]:
    """Leaves about a message name a node of this canvas that sends one."""
    # A node whose settings cannot be read may be one.
    senders = {each.id for each in graph.vertices if each.node is None or each.node.type == "message"}
    for leaf, at in placed_leaves(rule, path):
        if isinstance(leaf, Message) and leaf.message not in senders:
            words = _("There is no message node %(id)s on this canvas.") % {"id": leaf.message}
            yield Problem("unknown_node", words, _join(at, "message"))


def _as_rule(match: EventMatch) -> Rule:
    """An event and its filters as a rule, so that one check serves both."""
    return Event(event=match.event, where=match.where)


def _at(node: str, problems: Iterable[Problem]) -> Iterator[Problem]:
    return (replace(each, node=node) for each in problems)


def _join(base: str, path: str) -> str:
    return f"{base}.{path}" if path else base
