"""Admin pages of this package, by what people come for."""

from audiences.adminpages import audiences, catalogue, people, running, words

__all__ = ["audiences", "catalogue", "people", "running", "words"]
