"""One module per subject; importing this registers them all."""

from itinera.access.adminpages import lockouts, people, schedules, tokens, trail

__all__ = ["lockouts", "people", "schedules", "tokens", "trail"]
