"""The contract of a definition: an object with one key says who belongs to an audience, and its kind finds them.

    {"rule": RULE}   {"members": {…}}   …

Adding one: a file in this folder with a class that ends in `DEFINITIONS.register(…)`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Generic, TypeVar

from audiences.bitmaps import Members
from audiences.rules import Catalogue
from itinera.kit.errors import Problem
from itinera.kit.registry import Registry
from itinera.kit.wire import Cursor

C = TypeVar("C")


@dataclass(frozen=True)
class Scope:
    """What a definition is read against: everybody of one kind of people, at one instant.

    `zone` is for people who have none of their own.
    """

    cursor: Cursor
    at: datetime
    zone: str
    kind: str
    catalogue: Catalogue


class Definition(ABC, Generic[C]):
    """One kind; `key` is the key that names it. `is_static` says that time alone changes nobody's membership."""

    key: ClassVar[str]
    is_static: ClassVar[bool] = False

    @abstractmethod
    def read(self, value: object, path: str) -> C:
        """What stands under the key. Refusal with all problems; paths in them begin with `path`."""

    @abstractmethod
    def check(self, config: C, catalogue: Catalogue, path: str) -> Iterator[Problem]:
        """What speaks against saving it in this workspace, and what is only odd (severity `warning`)."""

    @abstractmethod
    def asks(self, config: C) -> frozenset[str]:
        """The slugs of the audiences that it rests on."""

    @abstractmethod
    def members(self, config: C, scope: Scope) -> Members:
        """Who belongs to it. No statement takes longer than a few seconds over a million people."""

    @abstractmethod
    def explain(self, config: C) -> str:
        """The definition in plain words, in the reader's language."""


DEFINITIONS: Registry[Definition[Any]] = Registry("audience definitions")
