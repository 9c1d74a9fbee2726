"""Audiences: the list, the one that is looked at, the one that is drawn."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST
from django.views.generic import TemplateView

from audiences import audience_actions
from audiences.bitmaps import Members
from audiences.definitions.base import kind_of
from audiences.membership import load
from audiences.models import AttributeType, Audience, AudienceRefresh, PeopleKind, Profile
from audiences.pages.charts import line
from audiences.people import load_names
from itinera.access.permissions import PermissionPage, page
from itinera.kit import clock
from itinera.kit.errors import Refusal
from itinera.kit.masking import mask_name
from itinera.kit.models import Job
from itinera.kit.wire import django_cursor

PER_PAGE = 50
REFRESHES = 90
"""So many refreshes are drawn."""
SAMPLE, FACTS = 8, 4
"""So many people are shown, with so many facts each."""


class AudienceListPage(PermissionPage, TemplateView):
    permission = "audiences.view_audience"
    template_name = "audiences/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = {name: self.request.GET.get(name, "").strip() for name in ("q", "kind", "archived")}
        page = Paginator(_found(asked), PER_PAGE).get_page(self.request.GET.get("page"))
        rows = [(audience, in_words(audience)) for audience in page]
        some = bool(rows) or Audience.objects.exists()
        return super().get_context_data(
            section="audiences", tab="audiences", rows=rows, page=page, kinds=PeopleKind.choices, some=some, **asked,
            **kwargs,
        )  # fmt: skip


def _found(asked: dict[str, str]) -> QuerySet[Audience]:
    found = Audience.objects.filter(archived_at__isnull=asked["archived"] != "1").order_by("-updated_at", "slug")
    if asked["q"]:
        found = found.filter(Q(name__icontains=asked["q"]) | Q(slug__icontains=asked["q"]))
    return found.filter(kind=asked["kind"]) if asked["kind"] in PeopleKind.values else found


def in_words(audience: Audience) -> str:
    """Who belongs to it, in the reader's language."""
    kind, value = kind_of(audience.definition)
    return kind.explain(kind.read(value, ""))


class AudiencePage(PermissionPage, TemplateView):
    """One audience: how many, who came and went, of whom it consists."""

    permission = "audiences.view_audience"
    template_name = "audiences/audience.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        audience = one(kwargs["slug"])
        refreshes = list(AudienceRefresh.objects.filter(audience=audience).order_by("-at")[:REFRESHES])
        job = Job.objects.filter(subject=f"audience:{audience.slug}").first()
        return super().get_context_data(
            section="audiences", tab="audiences", audience=audience, words=in_words(audience), refreshes=refreshes,
            last=refreshes[0] if refreshes else None, job=job, is_built=is_built(),
            chart=line([(each.at, each.size) for each in reversed(refreshes)]), sample=_sample(audience), **kwargs,
        )  # fmt: skip


def _sample(audience: Audience) -> list[dict[str, Any]]:
    """Some of them, always the same, with their names masked: whoever may see more opens the person."""
    cursor = django_cursor()
    ids = load(cursor, [audience.pk]).get(audience.pk, Members()).sample(SAMPLE)
    profiles = Profile.objects.in_bulk(ids.tolist())
    labels = dict(AttributeType.objects.exclude(label="").values_list("name", "label"))
    found = []
    for number, name in zip(ids.tolist(), load_names(cursor, ids), strict=True):
        if (profile := profiles.get(number)) is not None:
            facts = [(labels.get(key, key), value) for key, value in list(profile.attributes.items())[:FACTS]]
            found.append({"id": number, "name": mask_name(name or f"#{number}"), "attributes": facts})
    return found


@page("audiences.refresh_audience")
@require_POST
def refresh(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Find anew who belongs to it; the page shows how far that is."""
    try:
        audience_actions.refresh(request.user, slug, clock.now())
    except Refusal as refusal:
        messages.error(request, refusal.problems[0].detail)
    return redirect("audience", slug=slug)


class AudienceEditPage(PermissionPage, TemplateView):
    """Only the frame: the builder asks the API for everything else."""

    permission = "audiences.change_audience"
    template_name = "audiences/edit.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        audience = one(kwargs["slug"]) if "slug" in kwargs else None
        return super().get_context_data(
            section="audiences", tab="audiences", audience=audience, is_built=is_built(), **kwargs
        )


def one(slug: str) -> Audience:
    """The audience of an address."""
    found = Audience.objects.filter(slug=slug).first()
    if found is None:
        raise Http404
    return found


def is_built() -> bool:
    """Whether the scripts of pages have been built."""
    vite: dict[str, Any] = settings.DJANGO_VITE["default"]
    return bool(vite["dev_mode"]) or Path(vite["manifest_path"]).exists()
