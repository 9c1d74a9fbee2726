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
Columns = Mapping[Variable, Sequence[object]]

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
    """A place in plain text where one variable goes; `default` None = the row needs a value."""

    variable: Variable
    default: str | None


@dataclass(frozen=True)
class TemplatePart:
    """Ready to render. `slots` is set for plain text with variables, `template` for everything else."""

    html: bool
    names: Mapping[Variable, str]
    template: Template
    form: str = ""
    slots: tuple[_Slot, ...] | None = None
    variables: frozenset[Variable] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "variables", frozenset(self.names))

    def render(self, columns: Columns, count: int) -> list[str | None]:
        """One text per row, None where the row cannot have one."""
        if self.slots is None:
            return [self._render_row(columns, row) for row in range(count)]
        return self._fill(columns, count)

    def render_one_by_one(self, columns: Columns, count: int) -> list[str | None]:
        """The same the slow way, by Jinja; what `render` is tested against."""
        return [self._render_row(columns, row) for row in range(count)]

    def _render_row(self, columns: Columns, row: int) -> str | None:
        values = {name: columns[variable][row] for variable, name in self.names.items()}
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
        filled = [[slot.default if v is None else write(v) for v in columns[slot.variable]] for slot in slots]
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
        slots = _slots(tree, {name: variable for variable, name in flatten.names.items()}, html=html)
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
        self.names: dict[Variable, str] = {}

    def visit_Getattr(self, node: nodes.Getattr) -> nodes.Node:  # noqa: N802
        return self._named(node, node.node, node.attr)

    def visit_Getitem(self, node: nodes.Getitem) -> nodes.Node:  # noqa: N802
        key = node.arg.value if isinstance(node.arg, nodes.Const) else None
        return self._named(node, node.node, key if isinstance(key, str) else None)

    def _named(self, node: nodes.Expr, owner: nodes.Node, name: str | None) -> nodes.Node:
        if not isinstance(owner, nodes.Name) or owner.name not in self.namespaces or name is None:
            return self.generic_visit(node)
        flat = self.names.setdefault((owner.name, name), f"v{len(self.names)}")
        return nodes.Name(flat, "load", lineno=node.lineno)


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
    return _("Variables are written profile.NAME, entry.NAME, answer.NAME or journey.NAME, not %(name)s.") % {
        "name": name
    }


def _walk(node: nodes.Node) -> Iterator[nodes.Node]:
    yield node
    for child in node.iter_child_nodes():
        yield from _walk(child)


def _slots(
    tree: nodes.Template, variables: Mapping[str, Variable], *, html: bool
) -> tuple[str, tuple[_Slot, ...]] | None:
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
            slots.append(_Slot(variables[inner.name], default))
    return "".join(form), tuple(slots)


def _written(value: object) -> str:
    return value if type(value) is str else str(text_of(value))


def _escaped(value: object) -> str:
    return str(escape(text_of(value)))


def _clean(text: str) -> str:
    """Without NUL, which neither the database nor any channel takes."""
    return text.replace("\0", "") if "\0" in text else text
