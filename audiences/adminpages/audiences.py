"""Audiences and their refreshes: read here, changed over the API and on the screens, refreshed by a button."""

from __future__ import annotations

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from audiences import audience_actions
from audiences.models import Audience, AudienceRefresh
from itinera.access.modeladmin import ReadOnlyAdmin
from itinera.kit import clock


@admin.register(Audience)
class AudienceAdmin(ReadOnlyAdmin):
    """Who is in one is shown nowhere here: members are people, whose pages are the profiles'."""

    explanation = _("Sets of customers: by what they are defined, how many there are, when they were refreshed.")
    list_display = ("slug", "name", "kind", "size", "refreshed_at", "every", "archived_at")
    list_filter = ("kind", "refreshed_at", "archived_at")
    search_fields = ("slug", "name")
    ordering = ("slug",)
    actions = ("refresh",)

    @admin.action(description=_("Refresh selected"), permissions=["refresh"])
    def refresh(self, request: HttpRequest, queryset: QuerySet[Audience]) -> None:
        for row in queryset.filter(archived_at=None):
            audience_actions.refresh(request.user, row.slug, clock.now())
        self.message_user(request, _("Asked for. The jobs begin at once."), messages.SUCCESS)

    def has_refresh_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("audiences.refresh_audience")


@admin.register(AudienceRefresh)
class AudienceRefreshAdmin(ReadOnlyAdmin):
    explanation = _("Each reading of an audience: how many there were, how many came and went.")
    list_display = ("at", "audience", "size", "entered", "left", "took_ms")
    list_filter = ("at",)
    list_select_related = ("audience",)
    search_fields = ("=audience__slug",)
    ordering = ("-id",)
