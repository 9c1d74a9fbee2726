"""The project's own Python files, as the architecture tests look at them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from itinera.local.home import PROJECT

PACKAGES = ("itinera", "audiences", "channels_out", "abtest", "journeys", "tests")
Function = ast.FunctionDef | ast.AsyncFunctionDef


def files(*, tests: bool = True) -> list[Path]:
    """All modules, migrations aside."""
    packages = PACKAGES if tests else PACKAGES[:-1]
    found = (file for package in packages for file in (PROJECT / package).rglob("*.py"))
    return sorted(file for file in found if "migrations" not in file.parts)


def name(file: Path) -> str:
    return str(file.relative_to(PROJECT))


def functions(file: Path) -> Iterator[tuple[str, Function]]:
    """Every function with its dotted name inside the module."""
    yield from _inside(ast.parse(file.read_text(encoding="utf-8")), "")


def imports(file: Path) -> Iterator[str]:
    """The full names of what a module imports."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _inside(tree: ast.AST, prefix: str) -> Iterator[tuple[str, Function]]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield prefix + node.name, node
        inner = f"{prefix}{node.name}." if isinstance(node, ast.ClassDef | Function) else prefix
        yield from _inside(node, inner)


def length(function: Function) -> int:
    """Lines of a function, without its decorators and its docstring."""
    first = function.body[0]
    text = first.value if isinstance(first, ast.Expr) else None
    documented = isinstance(text, ast.Constant) and isinstance(text.value, str)
    docstring = (first.end_lineno or first.lineno) - first.lineno + 1 if documented else 0
    return (function.end_lineno or function.lineno) - function.lineno + 1 - docstring
