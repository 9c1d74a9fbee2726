"""Admin pages of this package, by what people come for."""

from audiences.adminpages import audiences, catalogue, merging, people, running, segmentations

__all__ = ["audiences", "catalogue", "merging", "people", "running", "segmentations"]
