"""Admin pages of journeys: all read-only. Journeys change on their own pages, the rest is the engine's."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import OuterRef, Subquery, TextField, Value
from django.db.models.functions import Cast, Concat
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from itinera.access.modeladmin import ReadOnlyAdmin
from itinera.kit.masking import scrub
from journeys.models import Chunk, Journey, ScheduleRun, Version, WalkError


@admin.register(Journey)
class JourneyAdmin(ReadOnlyAdmin):
    explanation = _("Every journey with its state; the canvas opens from here.")
    list_display = ("name", "slug", "status", "live_version", "updated_at")
    list_filter = ("status", "updated_at")
    list_select_related = ("live_version__journey",)
    search_fields = ("name", "slug")
    fields = ("name", "slug", "status", "live_version", "revision", "canvas", "created_at", "updated_at")
    readonly_fields = ("canvas",)

    @admin.display(description=_("canvas"))
    def canvas(self, obj: Journey) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("journey", args=[obj.slug]), _("Open the canvas"))


@admin.register(Version)
class VersionAdmin(ReadOnlyAdmin):
    explanation = _("What was published, when and by whom. A version never changes.")
    list_display = ("__str__", "status", "priority", "published_at", "published_by")
    list_filter = ("status", "published_at")
    list_select_related = ("journey", "published_by")
    search_fields = ("journey__slug", "journey__name")
    ordering = ("-published_at",)
    fields = ("journey", "status", "priority", "published_at", "published_by", "document")
    readonly_fields = ("document",)

    @admin.display(description=_("canvas"))
    def document(self, obj: Version) -> SafeString:
        return _pretty(obj.canvas)


_NAME = Concat("journey__slug", Value(" v"), Cast("number", TextField()), output_field=TextField())


class OfVersion(ReadOnlyAdmin):
    """Rows that name their version by its number alone."""

    ordering: ClassVar[Any] = ("-id",)

    def get_queryset(self, request: HttpRequest) -> Any:
        version = Version.objects.filter(pk=OuterRef("version_id")).annotate(name=_NAME)
        return super().get_queryset(request).annotate(version_name=Subquery(version.values("name")))

    @admin.display(description=_("version"), ordering="version_id")
    def walked(self, obj: Any) -> str:
        return obj.version_name or ""


@admin.register(WalkError)
class WalkErrorAdmin(OfVersion):
    explanation = _("People whose step failed: each left alone as an error, the others went on.")
    list_display = ("at", "walked", "profile_id", "short")
    list_filter = ("at",)
    search_fields = ("=profile_id", "error")
    fields = ("at", "walked", "profile_id", "short", "told", "work")
    readonly_fields = ("walked", "short", "told", "work")

    @admin.display(description=_("error"))
    def short(self, obj: WalkError) -> str:
        return scrub(obj.error)

    @admin.display(description=_("trace"))
    def told(self, obj: WalkError) -> SafeString:
        return format_html("<pre>{}</pre>", scrub(obj.trace))

    @admin.display(description=_("what she had to do"))
    def work(self, obj: WalkError) -> SafeString:
        return _pretty(obj.items)


@admin.register(ScheduleRun)
class ScheduleRunAdmin(ReadOnlyAdmin):
    explanation = _("Each run of a schedule: when it was due, whom it found, whether it is done.")
    list_display = ("at", "version", "people", "finished_at")
    list_filter = ("at",)
    list_select_related = ("version__journey",)
    search_fields = ("version__journey__slug",)
    ordering = ("-at",)


@admin.register(Chunk)
class ChunkAdmin(OfVersion):
    explanation = _("People who wait, by the time when they go on; thousands in one row.")
    list_display = ("due_at", "walked", "kind", "members", "shard")
    list_filter = ("kind", "due_at")
    ordering = ("due_at",)
    fields = ("due_at", "walked", "node", "kind", "shard", "members")
    readonly_fields = ("walked", "members")

    @admin.display(description=_("people"))
    def members(self, obj: Chunk) -> int:
        return len(obj.profiles)


def _pretty(value: Any) -> SafeString:
    """JSON to be read; phone numbers and the like are masked, for it may hold what an event carried."""
    return format_html("<pre>{}</pre>", scrub(json.dumps(value, ensure_ascii=False, indent=2)))
