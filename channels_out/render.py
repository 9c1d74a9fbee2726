"""Templates to texts: compiled once per node, rendered for sets of people.

A template made only of text and variables (nearly all are) is filled column by column: one format
call per person. Anything with conditions or filters goes through Jinja's sandbox person by person.
Both give the same texts; nothing is ever joined and cut apart again, so no value can shift another's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from jinja2 import TemplateSyntaxError

from channels_out.content import HTML_PARTS, LONGEST, ONE_LINE_PARTS, parts_of
from channels_out.template_parts import Columns, Looked, PartProblem, TemplatePart, Variable, compile_part
from itinera.kit.errors import Problem, Refusal

__all__ = ["NAMESPACES", "Columns", "CompiledContent", "Looked", "Variable", "compile_content"]

NAMESPACES = ("profile", "entry", "answer", "journey")


@dataclass(frozen=True)
class CompiledContent:
    """Content of one node, ready to render. Cacheable; holds no data of people.

    `variables` are what its texts and the keys of its look-ups are made of: (namespace, name). `Columns` hold one
    sequence per variable and per look-up (`channels_out.lookups`), all of one length; None = missing.
    """

    channel: str
    variables: frozenset[Variable]
    parts: Mapping[str, TemplatePart]

    def lookups_by_part(self) -> Iterator[tuple[str, Looked]]:
        """What is read from look-up tables, with the part that reads it."""
        for name, part in self.parts.items():
            yield from ((name, looked) for looked in sorted(part.lookups, key=repr))

    def render(self, columns: Columns, count: int) -> list[dict[str, str] | None]:
        """`count` contents, each equal to rendering that row alone.

        None = that row has no content: a variable without a default is missing, a value does not
        fit what the template does with it, or the text grew beyond `content.LONGEST`.
        """
        texts = [self._bounded(name, part.render(columns, count)) for name, part in self.parts.items()]
        names = tuple(self.parts)
        return [None if None in row else dict(zip(names, row, strict=True)) for row in zip(*texts, strict=True)]

    @staticmethod
    def _bounded(name: str, texts: list[str | None]) -> list[str | None]:
        longest, one_line = LONGEST[name], name in ONE_LINE_PARTS
        if max((len(text) for text in texts if text is not None), default=0) > longest:
            texts = [None if text is None or len(text) > longest else text for text in texts]
        if one_line:
            return [text if text is None else " ".join(text.split()) for text in texts]
        return texts


def compile_content(channel: str, content: Mapping[str, object]) -> CompiledContent:
    """Compile inline content or a template's. Raises `Refusal` naming every problem and its path."""
    compiled: dict[str, TemplatePart] = {}
    problems: list[Problem] = []
    for name, source in parts_of(channel, content).items():
        try:
            compiled[name] = compile_part(source, NAMESPACES, html=name in HTML_PARTS)
        except PartProblem as bad:
            problems.append(Problem(bad.code, str(bad), name))
        except TemplateSyntaxError as bad:
            detail = _("Line %(line)s: %(message)s") % {"line": bad.lineno, "message": bad.message}
            problems.append(Problem("template_syntax", detail, name))
    if problems:
        raise Refusal(problems)
    variables = frozenset().union(*(part.variables for part in compiled.values()))
    return CompiledContent(channel, variables, compiled)
