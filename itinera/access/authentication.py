"""Who is calling the API: a token in `Authorization: Bearer itn_…`, or a person's session."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from itinera.access import tokens
from itinera.access.principal import TokenPrincipal


class TokenAuthentication(BaseAuthentication):
    """Stands first in the settings, so that a caller without rights hears 401 and the scheme."""

    def authenticate(self, request: Request) -> tuple[TokenPrincipal, None] | None:
        scheme, _sep, text = get_authorization_header(request).partition(b" ")
        if scheme.lower() != b"bearer":
            return None
        # Tokens are ASCII; anything else cannot be one and is unknown like any other.
        who = tokens.find(text.strip().decode("ascii", "replace"))
        if who is None:
            raise AuthenticationFailed(_("This token is unknown, expired or revoked."))
        return who, None

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="itinera"'


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Describes the token in the OpenAPI schema."""

    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "itn_…, with scopes"}
