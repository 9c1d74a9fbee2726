"""The audit trail: searched, read, exported; nothing here can change it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, StreamingHttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from itinera.access.modeladmin import ReadOnlyAdmin
from itinera.kit import audit
from itinera.kit.exporting import csv_lines
from itinera.kit.models import AuditEntry

COLUMNS = ("at", "actor_kind", "actor", "verb", "object", "before", "after")


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    explanation = _("Who did what to which object, before and after. Cannot be changed.")
    list_display = ("at", "actor", "verb", "object")
    list_filter = ("actor_kind", "at")
    search_fields = ("actor", "verb", "object")
    search_help_text = _("Person, verb (journey.publish) or object (journey:welcome)")
    date_hierarchy = "at"
    fields = ("at", "actor_kind", "actor", "verb", "object", "was", "became")
    readonly_fields = ("was", "became")
    actions = ("export",)

    @admin.display(description=_("before"))
    def was(self, obj: AuditEntry) -> SafeString:
        return _pretty(obj.before)

    @admin.display(description=_("after"))
    def became(self, obj: AuditEntry) -> SafeString:
        return _pretty(obj.after)

    @admin.action(description=_("Export selected as CSV"), permissions=["view"])
    def export(self, request: HttpRequest, queryset: QuerySet[AuditEntry]) -> StreamingHttpResponse:
        audit.record(request.user, "audit.export", "audit", after={"rows": queryset.count()})
        answer = StreamingHttpResponse(csv_lines(COLUMNS, _cells(queryset)), content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = 'attachment; filename="audit.csv"'
        return answer


def _cells(queryset: QuerySet[AuditEntry]) -> Iterator[list[Any]]:
    for entry in queryset.iterator(chunk_size=1_000):
        values = [getattr(entry, column) for column in COLUMNS]
        yield [json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value for value in values]


def _pretty(value: Any) -> SafeString:
    text = "—" if value is None else json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True)
    return format_html("<pre>{}</pre>", text)
