"""What rules and templates have words for: tags and look-up tables; and how profiles have changed."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from audiences import tag_actions
from audiences.adminpages.people import OfProfile
from audiences.models import LookupTable, ProfileChange, Tag
from itinera.access.modeladmin import ReadOnlyAdmin
from itinera.kit import clock


@admin.register(Tag)
class TagAdmin(ReadOnlyAdmin):
    """Read here, changed over the API and on the screens, refreshed by a button."""

    explanation = _("Labels on customers: who keeps each, how many people have it, when they were counted.")
    list_display = ("slug", "label", "group", "kind", "type", "source", "people", "refreshed_at", "every")
    list_filter = ("source", "kind", "group", "declared")
    search_fields = ("slug", "label")
    ordering = ("slug",)
    actions = ("refresh",)

    @admin.action(description=_("Refresh selected"), permissions=["refresh"])
    def refresh(self, request: HttpRequest, queryset: QuerySet[Tag]) -> None:
        for row in queryset:
            tag_actions.refresh(request.user, row.slug, clock.now())
        self.message_user(request, _("Asked for. The jobs begin at once."), messages.SUCCESS)

    def has_refresh_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("audiences.change_tag")


@admin.register(LookupTable)
class LookupTableAdmin(ReadOnlyAdmin):
    explanation = _("Tables that rules and templates look up: products, stores, campaigns.")
    list_display = ("slug", "label", "key", "updated_at")
    search_fields = ("slug", "label")
    ordering = ("slug",)


@admin.register(ProfileChange)
class ProfileChangeAdmin(OfProfile):
    """There may be billions: only those of one customer are shown, which an index finds."""

    explanation = _("How one customer's attributes and tags have changed: search for her first.")
    list_display = ("at", "profile", "source", "attributes", "tags")
    list_display_links = None
    ordering = ("-at", "-id")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        found, may_repeat = super().get_search_results(request, queryset, search_term)
        return (found if search_term else queryset.none()), may_repeat
