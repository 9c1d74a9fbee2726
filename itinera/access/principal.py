"""The principal of a request that came with an API token. Pure: no model, no database."""

from __future__ import annotations

from dataclasses import dataclass

SCOPES = ("ingest", "read", "operate", "admin")
"""What a token may be for: push data in; read; change and run; set up. None implies another."""


@dataclass(frozen=True, slots=True)
class TokenPrincipal:
    """Stands where `request.user` stands for people. It has no account, password or session."""

    number: int
    name: str
    scopes: frozenset[str]

    is_authenticated = True
    is_anonymous = False
    is_active = True
    is_staff = False
    is_superuser = False
    audit_kind = "token"

    @property
    def pk(self) -> None:
        """A token is no account; nothing can refer to it as one."""
        return None

    @property
    def audit_id(self) -> int:
        return self.number

    @property
    def audit_name(self) -> str:
        return f"token:{self.name}"

    def get_username(self) -> str:
        return self.audit_name

    def has_perm(self, permission: str, obj: object = None) -> bool:
        """Permissions that views ask beyond their scope (clear personal data): only with `admin`."""
        return "admin" in self.scopes
