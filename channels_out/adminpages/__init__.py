"""Admin pages of this package, by what people come for."""

from channels_out.adminpages import accounts, limits, sent, templates

__all__ = ["accounts", "limits", "sent", "templates"]
