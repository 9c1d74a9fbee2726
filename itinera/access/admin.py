"""Admin pages of rights and running: people, roles, tokens, lock-outs, schedules, the audit trail."""

from itinera.access import adminpages

__all__ = ["adminpages"]
