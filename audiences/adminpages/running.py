"""What runs underneath: events, the feed, shards, and rows that were refused. Read-only."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from audiences.adminpages.search import profiles_found
from audiences.models import Event, EventType, Feed, RejectedRow, Shard, Upload
from itinera.access.modeladmin import MaskedMixin, ReadOnlyAdmin
from itinera.kit.masking import scrub


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    """There may be billions: only those of one customer are shown, which an index finds."""

    explanation = _("What one customer did: search for her first.")
    list_display = ("time", "type", "profile", "properties", "received_at")
    list_display_links = None
    list_select_related = ("type",)
    search_fields = ("id",)
    search_help_text = _("A profile's number, or a whole identity such as M1001 or phone:+8613812341234.")
    ordering = ("-time", "-id")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Event], search_term: str
    ) -> tuple[QuerySet[Event], bool]:
        if not search_term:
            return queryset.none(), False
        types = list(EventType.objects.values_list("id", flat=True))
        return queryset.filter(type_id__in=types, profile_id__in=profiles_found(search_term)), False


@admin.register(RejectedRow)
class RejectedRowAdmin(MaskedMixin, ReadOnlyAdmin):
    explanation = _("Rows that were refused when they came in, with the reason and the place.")
    list_display = ("at", "source", "index", "code", "path", "detail")
    list_filter = ("code", "at")
    search_fields = ("source", "code", "path")
    ordering = ("-id",)
    masked = {"body": lambda row: scrub(row.body)}


@admin.register(Feed)
class FeedAdmin(ReadOnlyAdmin):
    explanation = _("What the engine has yet to look at; normally next to nothing.")
    list_display = ("id", "shard", "kind", "profile_id", "type_id", "at")
    list_filter = ("kind", "shard")
    search_fields = ("=profile_id",)
    ordering = ("-id",)


@admin.register(Shard)
class ShardAdmin(ReadOnlyAdmin):
    explanation = _("The sixty-four parts of all people, and how often each was walked.")
    list_display = ("id", "wave", "last_at")
    ordering = ("id",)
    list_per_page = 64


@admin.register(Upload)
class UploadAdmin(ReadOnlyAdmin):
    """The file itself is not shown here: it holds personal data."""

    explanation = _("Files that were imported in the browser, and what became of their rows.")
    list_display = ("name", "target", "lines", "accepted", "duplicates", "rejected", "uploaded_by", "uploaded_at")
    list_filter = ("target", "uploaded_at")
    list_select_related = ("uploaded_by",)
    search_fields = ("name",)
    exclude = ("path",)
    ordering = ("-id",)
