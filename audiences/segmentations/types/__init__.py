"""One file per type of segmentation; each registers itself in `base.TYPES`."""
