"""Workspace files as other packages load them: whole or not at all, audited when a person or command did it."""

from __future__ import annotations

from pathlib import Path

import pytest

from audiences.actions import declare_attribute
from audiences.models import AttributeType, Workspace
from audiences.workspace_loaders import LOADERS, Occasion, apply_workspace, load_each, load_workspace
from itinera.kit.errors import Refusal
from itinera.kit.models import AuditEntry
from tests.integration.audiences.conftest import NOW

pytestmark = pytest.mark.django_db


def test_a_file_is_loaded_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "w.json"
    path.write_text('{"catalogue": {"attributes": [{"name": "a", "type": "text"}, {"name": "b", "type": "?"}]}}')
    with pytest.raises(Refusal) as caught:
        load_workspace(path, NOW)
    assert [each.path for each in caught.value.problems] == ["catalogue.attributes[1].type"]
    assert not AttributeType.objects.exists()
    path.write_text('{"catalogue": {"attributes": [{"name": "a", "type": "text"}]}, "holdout": {"percent": 3}}')
    assert load_workspace(path, NOW) == {"catalogue": 1, "holdout": 1}
    assert not AuditEntry.objects.exists()


def test_what_was_in_a_file_can_be_given_as_it_is() -> None:
    assert load_workspace({"zone": "Asia/Tokyo"}, NOW, "manage.py test") == {"zone": 1}
    assert Workspace.objects.get().zone == "Asia/Tokyo"
    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.object) == ("manage.py test", "workspace")


def test_a_change_is_audited_once() -> None:
    for _ in range(2):
        declare_attribute("manage.py test", "city", "text")
    declare_attribute("manage.py test", "city", "list")
    before_and_after = [(each.before, each.after) for each in AuditEntry.objects.order_by("id")]
    text = {"type": "text", "label": "", "lookup": "", "declared": True}
    assert before_and_after == [(None, text), (text, {**text, "type": "list"})]


def test_a_salt_stays_unless_another_is_given() -> None:
    salt = Workspace.objects.get().holdout_salt
    load_workspace({"holdout": {"percent": 7}}, NOW)
    assert (Workspace.objects.get().holdout_salt, Workspace.objects.get().holdout_percent) == (salt, 7)


def test_a_list_keeps_its_good_entries() -> None:
    def keep(entry: object) -> None:
        if entry == "bad":
            raise Refusal.because("bad", "Bad.", path="name")

    loaded = load_each(["good", "bad", "good"], keep)
    assert (loaded.count, [(each.code, each.path) for each in loaded.problems]) == (2, [("bad", "[1].name")])


@pytest.mark.parametrize("document", [None, 5, [], "text"])
def test_what_is_no_workspace(document: object) -> None:
    assert [each.code for each in apply_workspace(document, Occasion(NOW)).problems] == ["wrong_value"]


@pytest.mark.parametrize("section", [None, 5, [], {"salt": ""}, {"salt": "x", "percent": "5"}, {"percent": -1}])
def test_a_holdout_that_makes_no_sense(section: object) -> None:
    assert apply_workspace({"holdout": section}, Occasion(NOW)).problems


def test_every_loader_has_a_key_of_the_contract() -> None:
    from audiences.workspace_loaders import KEYS

    assert set(LOADERS) <= set(KEYS)
