"""API tokens and the answers kept for repeated requests. People and roles are Django's own."""

from itinera.access.models.answer import KeptAnswer
from itinera.access.models.token import ApiToken

__all__ = ["ApiToken", "KeptAnswer"]
