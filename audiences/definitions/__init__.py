"""What an audience can be defined by: one file per kind, each registers itself in `base.DEFINITIONS`."""
