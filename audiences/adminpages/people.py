"""Who the customers are: profiles and their consent."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from audiences.adminpages.search import profiles_found
from audiences.models import ConsentChange, Profile
from audiences.portrait import identities_of, latest_events
from itinera.access.modeladmin import MaskedMixin, ReadOnlyAdmin
from itinera.kit.masking import mask_name

_FACTS = ("attributes", "tags", "consent", "suppressed", "zone")
_DATES = ("created_at", "updated_at")


@admin.register(Profile)
class ProfileAdmin(MaskedMixin, ReadOnlyAdmin):
    """Read-only: people change by what comes in about them."""

    explanation = _("Every customer with identities, facts, consent and latest events.")
    list_display = ("number", "unit", "zone", *_DATES)
    list_display_links = ("number",)
    list_filter = ("created_at",)
    search_fields = ("id",)
    search_help_text = _("A profile's number, or a whole identity such as M1001 or phone:+8613812341234.")
    ordering = ("-id",)
    masked = {"unit": lambda profile: _masked_unit(profile.unit)}
    fields = ("unit", *_FACTS, "events", *_DATES)

    @admin.display(description=_("profile number"), ordering="id")
    def number(self, obj: Profile) -> str:
        return f"#{obj.pk}"

    @admin.display(description=_("identities"))
    def identities(self, obj: Profile) -> SafeString:
        return _listed(identities_of(obj, clear=True))

    @admin.display(description=_("identities"))
    def masked_identities(self, obj: Profile) -> SafeString:
        return _listed(identities_of(obj, clear=False))

    @admin.display(description=_("latest events"))
    def events(self, obj: Profile) -> SafeString:
        rows = (
            (localtime(each["time"]).strftime("%Y-%m-%d %H:%M:%S"), each["event"], _json(each["properties"]))
            for each in latest_events(obj.pk)
        )
        cells = format_html_join("", "<tr><td>{}</td><td>{}</td><td>{}</td></tr>", rows)
        return format_html("<table>{}</table>", cells)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        identities = "identities" if self.sees_clear(request) else "masked_identities"
        return [identities, *super().get_fields(request, obj)]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [*super().get_readonly_fields(request, obj), "identities", "masked_identities", "events"]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        return (queryset.filter(pk__in=profiles_found(search_term)) if search_term else queryset), False


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _masked_unit(unit: str) -> str:
    """A member number, which says nothing outside the brand, stays as it is."""
    return mask_name(unit) if ":" in unit else unit


def _listed(identities: list[dict[str, str]]) -> SafeString:
    return format_html_join("", "<div>{}: {}</div>", ((each["kind"], each["value"]) for each in identities))


class OfProfile(ReadOnlyAdmin):
    """Rows that belong to a profile, found by naming her."""

    search_fields = ("id",)
    search_help_text = _("A profile's number, or a whole identity such as M1001 or phone:+8613812341234.")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        return (queryset.filter(profile__in=profiles_found(search_term)) if search_term else queryset), False


@admin.register(ConsentChange)
class ConsentChangeAdmin(OfProfile):
    explanation = _("What customers agreed to or withdrew, when and through what; append-only.")
    list_display = ("profile", "channel", "category", "given", "source", "at")
    list_filter = ("channel", "category", "given", "at")
    ordering = ("-id",)
