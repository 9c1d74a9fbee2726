"""One part of a content (a text, a subject, an HTML body), compiled."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from jinja2 import Template, nodes
from jinja2.exceptions import TemplateError
from jinja2.visitor import NodeTransformer
from markupsafe import escape

from channels_out.sandboxed import ALLOWED_NODES, Sandbox, sandbox, text_of

Variable = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Looked:
    """`{{ lookup.products[entry.sku].name }}`: a column of the row whose key a variable names, or a fixed text."""

    table: str
    key: Variable | str
    column: str


Source = Variable | Looked
Columns = Mapping[Source, Sequence[object]]

LOOKUP = "lookup"
"""The first word of whatever is looked up."""

_PLAIN, _HTML = sandbox(html=False), sandbox(html=True)
_ROW_FAILS = (TemplateError, TypeError, ValueError, ArithmeticError, LookupError)
"""What a value can do to a template that was sound when it was saved: it concerns that row alone."""


class PartProblem(Exception):
    """The template cannot be used; `code` is stable, the message is for whoever wrote it."""

    def __init__(self, code: str, detail: str) -> None:
        self.code = code
        super().__init__(detail)


@dataclass(frozen=True)
class _Slot:
    """A place in plain text where one value goes; `default` None = the row needs one."""

    source: Source
    default: str | None


@dataclass(frozen=True)
class TemplatePart:
    """Ready to render. `slots` is set for plain text with variables, `template` for everything else."""

    html: bool
    names: Mapping[Source, str]
    template: Template
    form: str = ""
    slots: tuple[_Slot, ...] | None = None
    variables: frozenset[Variable] = field(init=False)
    lookups: frozenset[Looked] = field(init=False)

    def __post_init__(self) -> None:
        lookups = frozenset(source for source in self.names if isinstance(source, Looked))
        keys = {looked.key for looked in lookups if isinstance(looked.key, tuple)}
        object.__setattr__(self, "lookups", lookups)
        object.__setattr__(self, "variables", frozenset(keys.union(self.names) - lookups))

    def render(self, columns: Columns, count: int) -> list[str | None]:
        """One text per row, None where the row cannot have one."""
        if self.slots is None:
            return [self._render_row(columns, row) for row in range(count)]
        return self._fill(columns, count)

    def render_one_by_one(self, columns: Columns, count: int) -> list[str | None]:
        """The same the slow way, by Jinja; what `render` is tested against."""
        return [self._render_row(columns, row) for row in range(count)]

    def _render_row(self, columns: Columns, row: int) -> str | None:
        values = {name: columns[source][row] for source, name in self.names.items()}
        try:
            text = self.template.render({name: value for name, value in values.items() if value is not None})
        except _ROW_FAILS:
            return None
        return _clean(text)

    def _fill(self, columns: Columns, count: int) -> list[str | None]:
        slots = self.slots or ()
        if not slots:
            return [self.form % ()] * count
        write = _escaped if self.html else _written
        filled = [[slot.default if v is None else write(v) for v in columns[slot.source]] for slot in slots]
        texts: list[str | None] = list(map(self.form.__mod__, zip(*filled, strict=True)))
        for slot, column in zip(slots, filled, strict=True):
            if slot.default is None and None in column:
                texts = [None if value is None else text for value, text in zip(column, texts, strict=True)]
        return [text if text is None else _clean(text) for text in texts]


def compile_part(source: str, namespaces: Sequence[str], *, html: bool) -> TemplatePart:
    """Compile; TemplateSyntaxError or PartProblem if it cannot be used."""
    environment = _HTML if html else _PLAIN
    try:
        tree = environment.parse(source)
        flatten = _Flatten(namespaces)
        tree = flatten.visit(tree)
        _check(tree, set(flatten.names.values()), environment)
        slots = _slots(tree, {name: source for source, name in flatten.names.items()}, html=html)
        code = environment.compile(tree)
    except (RecursionError, SyntaxError, OverflowError) as deep:
        raise PartProblem("template_syntax", _("This template is nested too deeply.")) from deep
    template = Template.from_code(environment, code, {})
    if slots is None:
        return TemplatePart(html, flatten.names, template)
    form, places = slots
    return TemplatePart(html, flatten.names, template, form, places)


class _Flatten(NodeTransformer):
    """`profile.city` becomes one plain name: no attribute of any object is ever looked up."""

    def __init__(self, namespaces: Sequence[str]) -> None:
        self.namespaces = namespaces
        self.names: dict[Source, str] = {}

    def visit_Getattr(self, node: nodes.Getattr) -> nodes.Node:  # noqa: N802
        return self._named(node)

    def visit_Getitem(self, node: nodes.Getitem) -> nodes.Node:  # noqa: N802
        return self._named(node)

    def _named(self, node: nodes.Getattr | nodes.Getitem) -> nodes.Node:
        source = _variable(node, self.namespaces) or _looked(node, self.namespaces)
        if source is None:
            return self.generic_visit(node)
        flat = self.names.setdefault(source, f"v{len(self.names)}")
        return nodes.Name(flat, "load", lineno=node.lineno)


def _variable(node: nodes.Node, namespaces: Sequence[str]) -> Variable | None:
    """`entry.sku` or `entry["sku"]`."""
    owner, name = _step(node)
    if not isinstance(owner, nodes.Name) or owner.name not in namespaces or name is None:
        return None
    return owner.name, name


def _looked(node: nodes.Node, namespaces: Sequence[str]) -> Looked | None:
    """`lookup.TABLE[KEY].COLUMN`, where KEY is a variable or a text."""
    row, column = _step(node)
    if column is None or not isinstance(row, nodes.Getitem):
        return None
    owner, table = _step(row.node)
    if not isinstance(owner, nodes.Name) or owner.name != LOOKUP or table is None:
        return None
    key = _step(row)[1] or _variable(row.arg, namespaces)
    return None if key is None else Looked(table, key, column)


def _step(node: nodes.Node) -> tuple[nodes.Node | None, str | None]:
    """Of `OWNER.NAME` or `OWNER["NAME"]` both; no name for other indexes."""
    if isinstance(node, nodes.Getattr):
        return node.node, node.attr
    if isinstance(node, nodes.Getitem):
        name = node.arg.value if isinstance(node.arg, nodes.Const) else None
        return node.node, name if isinstance(name, str) else None
    return None, None


def _check(tree: nodes.Template, known: set[str], environment: Sandbox) -> None:
    for name in tree.find_all(nodes.Name):
        if name.name not in known:
            raise PartProblem("unknown_namespace", _unknown(name.name))
    for node in _walk(tree):
        if isinstance(node, nodes.Getattr) or not isinstance(node, ALLOWED_NODES):
            what = type(node).__name__.lower()
            raise PartProblem("template_construct", _("A template may not contain: %(what)s") % {"what": what})
        if isinstance(node, nodes.BinExpr) and not isinstance(node, nodes.And | nodes.Or) and _has_text(node):
            raise PartProblem("template_construct", _("Arithmetic needs numbers; texts are joined with ~."))
        if isinstance(node, nodes.Filter) and node.name not in environment.filters:
            raise PartProblem("template_construct", _("There is no filter %(name)s.") % {"name": node.name})
        if isinstance(node, nodes.Test) and node.name not in environment.tests:
            raise PartProblem("template_construct", _("There is no test %(name)s.") % {"name": node.name})


def _has_text(node: nodes.BinExpr) -> bool:
    return any(isinstance(side, nodes.Const) and isinstance(side.value, str) for side in (node.left, node.right))


def _unknown(name: str) -> str:
    if name == LOOKUP:
        return _("A look-up table is read as lookup.TABLE[entry.NAME].COLUMN.")
    return _("Variables are written profile.NAME, entry.NAME, answer.NAME or journey.NAME, not %(name)s.") % {
        "name": name
    }


def _walk(node: nodes.Node) -> Iterator[nodes.Node]:
    yield node
    for child in node.iter_child_nodes():
        yield from _walk(child)


def _slots(tree: nodes.Template, sources: Mapping[str, Source], *, html: bool) -> tuple[str, tuple[_Slot, ...]] | None:
    """The format string and its slots, or None if the template is more than text and variables."""
    form: list[str] = []
    slots: list[_Slot] = []
    write: Callable[[object], str] = _escaped if html else _written
    for output in tree.body:
        if not isinstance(output, nodes.Output):
            return None
        for node in output.nodes:
            if isinstance(node, nodes.TemplateData):
                form.append(node.data.replace("%", "%%"))
                continue
            default: str | None = None
            if isinstance(node, nodes.Filter) and node.name in {"default", "d"}:
                if len(node.args) != 1 or node.kwargs or not isinstance(node.args[0], nodes.Const):
                    return None
                default, inner = write(node.args[0].value), node.node
            else:
                inner = node
            if not isinstance(inner, nodes.Name):
                return None
            form.append("%s")
            slots.append(_Slot(sources[inner.name], default))
    return "".join(form), tuple(slots)


def _written(value: object) -> str:
    return value if type(value) is str else str(text_of(value))


def _escaped(value: object) -> str:
    return str(escape(text_of(value)))


def _clean(text: str) -> str:
    """Without NUL, which neither the database nor any channel takes."""
    return text.replace("\0", "") if "\0" in text else text
