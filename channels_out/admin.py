"""Admin pages of sending: accounts, templates, limits, and what was sent."""

from channels_out import adminpages

__all__ = ["adminpages"]
