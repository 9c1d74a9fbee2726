"""A form field for credentials: takes them, never shows them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _


class SecretInput(forms.PasswordInput):
    """An empty box, and beside it whether something is stored."""

    def __init__(self, is_set: bool = False, attrs: Mapping[str, Any] | None = None) -> None:
        super().__init__({"autocomplete": "new-password", "class": "vTextField", **(attrs or {})}, render_value=False)
        self.is_set = is_set

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        state = _("set; leave empty to keep it") if self.is_set else _("not set")
        mark = "secret-set" if self.is_set else "secret-unset"
        box = super().render(name, None, attrs, renderer)
        return format_html('<span class="secret {}">{}<em>{}</em></span>', mark, box, state)


class SecretField(forms.CharField):
    """Write-only. An empty box keeps what is stored: `cleaned_data` is then `KEEP` (None).

    `SecretField(is_set=bool(stored.get("password")), label=…)`; it is required only while nothing is stored.
    """

    KEEP = None

    def __init__(self, *, is_set: bool = False, required: bool = False, **kwargs: Any) -> None:
        kwargs.setdefault("strip", True)
        super().__init__(required=required and not is_set, widget=SecretInput(is_set), **kwargs)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        return text or self.KEEP

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(data)
