"""One file per leaf; each registers itself in `base.LEAVES`, which `audiences.apps` fills and closes."""
