"""Static files with a hash in their names, so that browsers may keep them for ever."""

from __future__ import annotations

import re
from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage

# The canvas build names its files by content already; the modules among them import each other by these names.
BUILT = re.compile(r"(?:^|/)assets/[^/]+-[A-Za-z0-9_-]{8}\.[a-z0-9]+$")


class HashedFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise has no types
    """Names by content; what is not collected yet (in tests, during development) keeps its plain name."""

    manifest_strict = False

    def hashed_name(self, name: str, content: Any = None, filename: str | None = None) -> str:
        file = filename or name.partition("?")[0].partition("#")[0]
        if BUILT.search(name) or (content is None and not self.exists(file)):
            return name
        return str(super().hashed_name(name, content, filename))
