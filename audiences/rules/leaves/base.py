"""What a leaf is: one class that knows its check, its SQL over a set, its answer for one person, and its words."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

from django.utils.translation import gettext as _

from audiences.rules.ast import Leaf, Rule
from audiences.rules.build import Build
from audiences.rules.catalogue import Catalogue
from audiences.rules.forms import Choice
from audiences.rules.people import Question
from audiences.rules.person import NO, Person
from audiences.rules.speech import Speech
from itinera.kit.errors import Problem
from itinera.kit.registry import Registry

L = TypeVar("L", bound=Leaf)


@dataclass(frozen=True)
class Explanation:
    """Why a rule holds or not: a sentence in plain words, the values behind it, and the same for its parts."""

    key: str
    holds: bool
    text: str
    found: object = None
    needed: object = None
    parts: tuple[Explanation, ...] = ()


class LeafKind(ABC, Generic[L]):
    """One kind of leaf; `key` is the key that names it in a rule, `label` (a msgid) its name in the builder's menu.

    `parts` are those of its form. `journeys_only` says that it asks about a walk.
    """

    key: ClassVar[str]
    label: ClassVar[str]
    parts: ClassVar[tuple[Choice, ...]]
    journeys_only: ClassVar[bool] = False

    @abstractmethod
    def check(self, leaf: L, catalogue: Catalogue, path: str) -> Iterator[Problem]:
        """What speaks against saving it, and what is only odd (severity `warning`)."""

    @abstractmethod
    def sql(self, leaf: L, build: Build) -> str:
        """A condition over the row `u`, true or false but never NULL."""

    @abstractmethod
    def explain(self, leaf: L, person: Person, speech: Speech) -> Explanation:
        """The answer for one person, with what it rests on."""

    @abstractmethod
    def describe(self, leaf: L, speech: Speech) -> str:
        """What it asks, in plain words."""

    def people(self, leaf: L, catalogue: Catalogue) -> str | None:
        """The kind of people that it is about; None for any."""
        return None

    def stands_for(self, leaf: L, catalogue: Catalogue) -> Rule | None:
        """The rule that it is another name of, if it is one."""
        return None

    def question(self, leaf: L, catalogue: Catalogue) -> Question | None:
        """What of it SQL cannot tell, if there is anything."""
        return None


class ColumnLeaf(LeafKind[L]):
    """A leaf whose truth is computed in Python over the set of people, and given to the query as a column.

    For one person too it is asked beforehand: `Person.answers`.
    """

    @abstractmethod
    def question(self, leaf: L, catalogue: Catalogue) -> Question | None: ...

    def sql(self, leaf: L, build: Build) -> str:
        question = self.question(leaf, build.catalogue)
        assert question is not None
        return build.ask(leaf, question)

    def explain(self, leaf: L, person: Person, speech: Speech) -> Explanation:
        answer = person.answers.get(leaf, NO)
        text = self.describe(leaf, speech)
        if answer.found:
            text = _("%(asked)s: %(found)s") % {"asked": text, "found": answer.found}
        return Explanation(self.key, answer.holds, text, answer.found or answer.holds, needed=True)


LEAVES: Registry[LeafKind[Any]] = Registry("rule leaves")
"""The leaves that this version can evaluate, by key."""
