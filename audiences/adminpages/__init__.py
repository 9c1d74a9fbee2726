"""Admin pages of this package, by what people come for."""

from audiences.adminpages import catalogue, people, running

__all__ = ["catalogue", "people", "running"]
