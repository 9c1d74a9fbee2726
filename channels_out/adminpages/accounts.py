"""Sending accounts: where messages leave from."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from channels_out.adminpages.settings_form import AccountForm, NewAccountForm, settings_fields
from channels_out.models import Account
from itinera.access.modeladmin import AuditedAdmin


@admin.register(Account)
class AccountAdmin(AuditedAdmin):
    """Its settings are the provider's; secrets can be set and never read."""

    explanation = _("Credentials with providers, their rates, and which account is each channel's default.")
    list_display = ("name", "slug", "channel", "provider", "enabled", "is_default", "rate_per_second", "rests")
    list_filter = ("channel", "provider", "enabled")
    search_fields = ("name", "slug")
    ordering = ("channel", "slug")
    secret_fields = ("secrets",)

    @admin.display(description=_("rests because of"))
    def rests(self, account: Account) -> str:
        until = account.blocked_until
        return f"{account.blocked_code} → {localtime(until):%m-%d %H:%M:%S}" if until else ""

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        if obj is None:
            return super().get_form(request, obj, change, **{**kwargs, "form": NewAccountForm, "fields": None})
        # Django builds the class from the names that it is given; those made from the provider come by themselves.
        declared = {**settings_fields(obj.provider)}
        form = type("AccountForm", (AccountForm,), declared)
        return super().get_form(request, obj, change, **{**kwargs, "form": form, "fields": None})

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return [(None, {"fields": ("name", "slug", "provider")})]
        limits = ("rate_per_second", "concurrency")
        return [
            (None, {"fields": ("name", "slug", "provider", "channel", "enabled", "is_default")}),
            (_("What the provider needs"), {"fields": tuple(settings_fields(obj.provider))}),
            (_("Pace"), {"fields": limits}),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return () if obj is None else ("slug", "provider", "channel")

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        """Straight on to the settings."""
        return HttpResponseRedirect(reverse("admin:channels_out_account_change", args=[obj.pk]))
