"""Registries: where drivers (nodes, leaves, providers, triggers) make themselves known at start."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from typing import TypeVar

T = TypeVar("T")


class Registry(Mapping[str, T]):
    """Items by key, in the order of registration; closed once the program has started.

    A key that is taken is refused, so two drivers can never silently replace one another, and after
    `freeze` nothing can be added, so a request always sees what the checks at start have seen.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._items: dict[str, T] = {}
        self._frozen = False

    def register(self, key: str, item: T) -> T:
        """Add an item and give it back, so that it can end a decorator. ValueError if refused."""
        if self._frozen:
            raise ValueError(f"the registry of {self.name} is closed: {key!r} came too late")
        if key in self._items:
            raise ValueError(f"the registry of {self.name} already has {key!r}: {self._items[key]!r}")
        self._items[key] = item
        return item

    def freeze(self) -> None:
        self._frozen = True

    def discover(self, package: str) -> None:
        """Import every module of a package (by name, sorted), which register themselves."""
        home = importlib.import_module(package)
        for found in sorted(pkgutil.iter_modules(home.__path__), key=lambda each: each.name):
            importlib.import_module(f"{package}.{found.name}")

    def __getitem__(self, key: str) -> T:
        """KeyError tells the registry and what it knows."""
        try:
            return self._items[key]
        except KeyError:
            known = ", ".join(self._items) or "nothing"
            raise KeyError(f"{self.name} has no {key!r}; it knows {known}") from None

    def __contains__(self, key: object) -> bool:
        return key in self._items

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __repr__(self) -> str:
        return f"<Registry {self.name}: {', '.join(self._items)}>"
