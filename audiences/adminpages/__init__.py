"""Admin pages of this package, by what people come for."""

from audiences.adminpages import catalogue, people, running, segmentations

__all__ = ["catalogue", "people", "running", "segmentations"]
