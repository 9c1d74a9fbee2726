"""Whatever the interface says is said in Chinese too: every text given to gettext has its translation."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import polib
from django.utils.translation.template import templatize

from itinera.local.home import PROJECT

APPS = ("itinera", "audiences", "channels_out", "abtest", "journeys")
CALLS = {"_", "gettext", "gettext_lazy", "gettext_noop", "pgettext", "ngettext", "ngettext_lazy", "pgettext_lazy"}
MARKED = re.compile(r"""(?:gettext|ngettext|pgettext)\((?:u?)(?P<text>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")""")


def test_every_text_has_a_chinese_translation() -> None:
    known = translated()
    missing = [f"{place}: {text!r}" for place, text in sorted({*in_code(), *in_templates()}) if text not in known]
    assert missing == []


def translated() -> set[str]:
    """The texts that some catalogue of ours translates."""
    files = [file for app in APPS for file in (PROJECT / app).glob("**/locale/zh_Hans/LC_MESSAGES/django.po")]
    entries = [entry for file in files for entry in polib.pofile(str(file))]
    done = {entry.msgid for entry in entries if entry.msgstr or any(entry.msgstr_plural.values())}
    assert done
    return done


def in_code() -> Iterator[tuple[str, str]]:
    """Texts in Python, with the file they stand in."""
    for path in (file for app in APPS for file in (PROJECT / app).rglob("*.py") if "migrations" not in file.parts):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _name(node.func) in CALLS:
                words = [each.value for each in node.args if isinstance(each, ast.Constant)]
                skip = 1 if _name(node.func).startswith("pgettext") else 0
                yield from ((_place(path), each) for each in words[skip : skip + 1] if isinstance(each, str))


def in_templates() -> Iterator[tuple[str, str]]:
    """Texts in templates."""
    for path in sorted((PROJECT / "templates").rglob("*.html")):
        for found in MARKED.finditer(templatize(path.read_text(encoding="utf-8"))):
            yield _place(path), ast.literal_eval(found["text"])


def _name(function: ast.expr) -> str:
    return (
        function.id if isinstance(function, ast.Name) else function.attr if isinstance(function, ast.Attribute) else ""
    )


def _place(path: Path) -> str:
    return str(path.relative_to(PROJECT))
