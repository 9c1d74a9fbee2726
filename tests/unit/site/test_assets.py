"""Names of static files."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

from itinera.assets import BUILT, HashedFiles


@pytest.mark.parametrize("name", ["assets/journey-B7cQ_x-1.js", "assets/journey-DiwrgTda.css"])
def test_what_the_canvas_build_has_named_keeps_its_name_and_is_kept_for_ever(name: str, tmp_path: Path) -> None:
    assert BUILT.search(name)
    assert HashedFiles(location=tmp_path).hashed_name(name) == name
    assert re.search(settings.WHITENOISE_IMMUTABLE_FILE_TEST, f"/static/{name}")


def test_a_collected_file_is_named_by_its_content(tmp_path: Path) -> None:
    (tmp_path / "site.css").write_text("a {}", encoding="ascii")
    name = HashedFiles(location=tmp_path).hashed_name("site.css")
    assert re.fullmatch(r"site\.[0-9a-f]{12}\.css", name)
    assert re.search(settings.WHITENOISE_IMMUTABLE_FILE_TEST, f"/static/{name}")


def test_a_file_that_is_not_collected_keeps_its_plain_name_and_is_asked_for_again(tmp_path: Path) -> None:
    assert HashedFiles(location=tmp_path).hashed_name("site.css") == "site.css"
    assert not re.search(settings.WHITENOISE_IMMUTABLE_FILE_TEST, "/static/site.css")
