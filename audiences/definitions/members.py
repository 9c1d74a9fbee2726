"""`{"members": {…}}`: a fixed list. Who is on it is stored as bitmaps; the definition says where it came from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from django.utils.translation import gettext as _
from pydantic import BaseModel, ConfigDict, Field

from audiences import membership
from audiences.bitmaps import Members
from audiences.definitions.base import DEFINITIONS, Definition, Scope
from audiences.models import Audience
from audiences.rules import Catalogue
from audiences.rules.places import Place
from audiences.select.leaves import EVERYBODY
from audiences.select.scan import among
from itinera.kit.errors import Problem
from itinera.kit.validation import validated


class ListConfig(BaseModel):
    """Where a list came from, in the words of whoever brought it: the name of a file, of another audience."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    source: Annotated[str, Field(max_length=200)] = ""


class ListDefinition(Definition[ListConfig]):
    key = "members"
    is_static = True

    def read(self, value: object, path: str) -> ListConfig:
        return validated(ListConfig, value, path)

    def check(self, config: ListConfig, catalogue: Catalogue, place: Place, path: str) -> Iterator[Problem]:
        return iter(())

    def asks(self, config: ListConfig) -> frozenset[str]:
        return frozenset()

    def members(self, config: ListConfig, scope: Scope) -> Members:
        """Those who are stored, without whoever is no longer there or of another kind by now."""
        numbers = list(Audience.objects.filter(slug=scope.slug).values_list("pk", flat=True))
        stored = Members().union(membership.load(scope.cursor, numbers).values())
        asked = stored if scope.within is None else stored & scope.within
        return Members().union(found for _upto, (found,) in among(asked, scope, [EVERYBODY], 1))

    def explain(self, config: ListConfig) -> str:
        return _("A fixed list (%(source)s)") % {"source": config.source} if config.source else _("A fixed list")


DEFINITIONS.register(ListDefinition.key, ListDefinition())
