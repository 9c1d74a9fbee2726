"""Audiences over HTTP: listed, made, read, changed, deleted."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.generics import ListAPIView
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from audiences import audience_actions as actions
from audiences.api import audience_rows as rows
from audiences.asking import askers_of
from audiences.audience_documents import AudienceChange, AudienceDocument
from audiences.definitions.base import kind_of
from audiences.models import Audience
from itinera.access.idempotency import IdempotentMixin
from itinera.access.permissions import requires_each
from itinera.kit import clock
from itinera.kit.errors import Problem, Refusal
from itinera.kit.validation import validated

SEE = ("audiences.view_audience", "read")
IF_MATCH = OpenApiParameter("If-Match", str, OpenApiParameter.HEADER, description="The ETag of what was read.")


class BySlug(CursorPagination):
    ordering = "slug"
    page_size_query_param = "limit"
    max_page_size = 1_000


class AudienceList(IdempotentMixin, ListAPIView[Audience]):
    """By short name. Filters: `q` (in short name and name), `kind`, `archived` (`true` for those only)."""

    permission_classes = [requires_each(GET=SEE, POST=("audiences.add_audience", "operate"))]
    serializer_class = rows.AudienceRow
    pagination_class = BySlug

    def get_queryset(self) -> QuerySet[Audience]:
        asked = self.request.query_params
        found = Audience.objects.filter(archived_at__isnull=asked.get("archived") != "true")
        if "kind" in asked:
            found = found.filter(kind=asked["kind"])
        if asked.get("q"):
            found = found.filter(Q(slug__icontains=asked["q"]) | Q(name__icontains=asked["q"]))
        return found

    @extend_schema(parameters=[OpenApiParameter(name, str) for name in ("q", "kind", "archived")])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    @extend_schema(
        request={"application/json": AudienceDocument.model_json_schema()}, responses={201: rows.AudienceDetail}
    )
    def post(self, request: Request) -> Response:
        saved = actions.create(request.user, validated(AudienceDocument, request.data), clock.now())
        return detail(saved.audience, saved.problems, status.HTTP_201_CREATED)


class AudienceOne(IdempotentMixin, APIView):
    """One audience. Changes with `If-Match` are refused if somebody else was quicker."""

    permission_classes = [
        requires_each(
            GET=SEE, PATCH=("audiences.change_audience", "operate"), DELETE=("audiences.delete_audience", "operate")
        )
    ]

    @extend_schema(responses=rows.AudienceDetail)
    def get(self, request: Request, slug: str) -> Response:
        return detail(found(slug))

    @extend_schema(
        request={"application/json": AudienceChange.model_json_schema()},
        responses=rows.AudienceDetail, parameters=[IF_MATCH],
    )  # fmt: skip
    def patch(self, request: Request, slug: str) -> Response:
        wanted = validated(AudienceChange, request.data)
        saved = actions.change(request.user, slug, wanted, clock.now(), _revision(request))
        return detail(saved.audience, saved.problems)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, slug: str) -> Response:
        actions.delete(request.user, slug)
        return Response(status=status.HTTP_204_NO_CONTENT)


def found(slug: str) -> Audience:
    """Refusal (404) if it is not there."""
    row = Audience.objects.filter(slug=slug).first()
    if row is None:
        raise Refusal.because("not_found", _("There is no such audience."), status=404)
    return row


def detail(row: Audience, problems: list[Problem] | None = None, code: int = 200) -> Response:
    """The answer about one audience, with the revision as its tag."""
    kind, value = kind_of(row.definition)
    told: Any = row
    told.words = kind.explain(kind.read(value, ""))
    told.asked_by = askers_of(row.slug)
    told.problems = [problem.as_dict() for problem in problems or ()]
    return Response(rows.AudienceDetail(told).data, code, headers={"ETag": f'"{row.revision}"'})


def _revision(request: Request) -> int | None:
    tag = request.headers.get("If-Match")
    if tag is None or tag.strip() == "*":
        return None
    text = tag.strip().removeprefix("W/").strip('"')
    if not text.isdecimal() or len(text) > 9:
        words = _("Somebody has changed this meanwhile. Look at it again.")
        raise Refusal.because("changed_meanwhile", words, status=412)
    return int(text)
