"""Admin pages of audiences: people, the catalogue, and what runs underneath."""

from audiences import adminpages

__all__ = ["adminpages"]
