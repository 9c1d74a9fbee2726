"""Admin pages of this package, by what people come for."""

from audiences.adminpages import catalogue, merging, people, running

__all__ = ["catalogue", "merging", "people", "running"]
