"""Pages of journeys: the list, and the one that hosts the canvas."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404
from django.views.generic import RedirectView, TemplateView

from itinera.access.permissions import PermissionPage
from itinera.kit import clock
from journeys.figures import Overview, overviews
from journeys.models import Journey, JourneyStatus

PER_PAGE = 50


class StartPage(PermissionPage, RedirectView):
    """Whoever comes to the site's root wants the journeys."""

    permission = "journeys.view_journey"
    pattern_name = "journeys"


class JourneyListPage(PermissionPage, TemplateView):
    permission = "journeys.view_journey"
    template_name = "journeys/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        query = self.request.GET.get("q", "").strip()
        status = self.request.GET.get("status", "")
        page = Paginator(_found(query, status), PER_PAGE).get_page(self.request.GET.get("page"))
        figures = overviews(list(page), clock.now())
        rows = [(journey, figures.get(journey.pk, Overview())) for journey in page]
        some = bool(rows) or Journey.objects.exists()
        return super().get_context_data(
            section="journeys", rows=rows, page=page, query=query, status=status, statuses=JourneyStatus.choices,
            some=some, **kwargs,
        )  # fmt: skip


def _found(query: str, status: str) -> QuerySet[Journey]:
    found = Journey.objects.select_related("live_version").order_by("-updated_at", "slug")
    if query:
        found = found.filter(Q(name__icontains=query) | Q(slug__icontains=query))
    return found.filter(status=status) if status in JourneyStatus.values else found


class JourneyPage(PermissionPage, TemplateView):
    """Only the frame: the canvas asks the API for everything else."""

    permission = "journeys.view_journey"
    template_name = "journeys/journey.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        journey = Journey.objects.only("slug", "name").filter(slug=kwargs["slug"]).first()
        if journey is None:
            raise Http404
        return super().get_context_data(section="journeys", journey=journey, is_built=_is_built(), **kwargs)


def _is_built() -> bool:
    vite: dict[str, Any] = settings.DJANGO_VITE["default"]
    return bool(vite["dev_mode"]) or Path(vite["manifest_path"]).exists()
