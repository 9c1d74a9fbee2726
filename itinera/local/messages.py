"""Translations: each `django.po` compiled beside itself, without the GNU tools that a bare machine does not have."""

from __future__ import annotations

from pathlib import Path

import polib

from itinera.local.home import PROJECT
from itinera.local.screen import warn

PATTERNS = ("*/locale/*/LC_MESSAGES/*.po", "*/*/locale/*/LC_MESSAGES/*.po")


def compile_all(project: Path = PROJECT) -> int:
    """Compiles what is newer than its result; says how many. A faulty file is named, and the others are compiled."""
    sources = [file for pattern in PATTERNS for file in project.glob(pattern) if ".venv" not in file.parts]
    return sum(_compile(source) for source in sources if _is_newer(source))


def _is_newer(source: Path) -> bool:
    result = source.with_suffix(".mo")
    return not result.exists() or result.stat().st_mtime < source.stat().st_mtime


def _compile(source: Path) -> bool:
    try:
        polib.pofile(str(source)).save_as_mofile(str(source.with_suffix(".mo")))
    except OSError as error:
        warn(f"翻译文件 {source} 无法编译:{error}", f"The translation {source} cannot be compiled: {error}")
        return False
    return True
