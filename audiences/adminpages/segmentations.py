"""Models of customers and their snapshots. Read-only: they are kept where their settings are checked."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from audiences.models import Segmentation, SegmentationRun
from itinera.access.modeladmin import ReadOnlyAdmin


@admin.register(Segmentation)
class SegmentationAdmin(ReadOnlyAdmin):
    explanation = _("Models of customers: RFM, lifecycle, grids. Their schedules are under periodic tasks.")
    list_display = ("slug", "name", "type", "kind", "every", "updated_at")
    list_filter = ("type", "kind")
    search_fields = ("slug", "name")
    ordering = ("slug",)


@admin.register(SegmentationRun)
class SegmentationRunAdmin(ReadOnlyAdmin):
    explanation = _("Daily snapshots of models of customers: the cuts used, and how many were in each cell.")
    list_display = ("segmentation", "day", "at", "people", "took_ms")
    list_select_related = ("segmentation",)
    list_filter = ("segmentation",)
    date_hierarchy = "day"
    ordering = ("-day", "-id")
