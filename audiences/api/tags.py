"""Tags over HTTP: listed, made, changed, deleted, refreshed, given to a whole audience."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.generics import ListAPIView
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from audiences import tag_actions as actions
from audiences.api.audience_rows import ProblemRow
from audiences.models import Tag
from audiences.rules import describe, load_catalogue, parse_rule
from audiences.tag_documents import Applying, TagChange, TagDocument
from audiences.uses import Thing, users_of
from itinera.access.idempotency import IdempotentMixin
from itinera.access.permissions import requires, requires_each
from itinera.jobs import JobView
from itinera.kit import clock
from itinera.kit.errors import Problem, Refusal
from itinera.kit.models import Job
from itinera.kit.validation import validated
from itinera.kit.wire import django_cursor

SEE = ("audiences.view_tag", "read")


class TagRow(serializers.ModelSerializer[Tag]):
    """A tag as lists show it; `people` and `refreshed_at` are those of the last count."""

    class Meta:
        model = Tag
        fields: ClassVar = [
            "slug", "label", "group", "kind", "type", "source", "every", "declared", "people", "refreshed_at",
            "created_at",
        ]  # fmt: skip
        read_only_fields: ClassVar = fields


class TagDetail(TagRow):
    """The whole of it: its cases, their rules also in plain words, and what uses it."""

    words = serializers.ListField(child=serializers.CharField(), read_only=True)
    used_by = serializers.ListField(child=serializers.CharField(), read_only=True)
    problems = ProblemRow(many=True, read_only=True)

    class Meta(TagRow.Meta):
        fields: ClassVar = [*TagRow.Meta.fields, "cases", "words", "used_by", "problems"]
        read_only_fields: ClassVar = fields


class BySlug(CursorPagination):
    ordering = "slug"
    page_size_query_param = "limit"
    max_page_size = 1_000


class TagList(IdempotentMixin, ListAPIView[Tag]):
    """By short name. Filters: `q` (in short name and label), `kind`, `group`, `source`."""

    permission_classes = [requires_each(GET=SEE, POST=("audiences.add_tag", "operate"))]
    serializer_class = TagRow
    pagination_class = BySlug

    def get_queryset(self) -> QuerySet[Tag]:
        asked = self.request.query_params
        found = Tag.objects.filter(**{name: asked[name] for name in ("kind", "group", "source") if name in asked})
        if asked.get("q"):
            found = found.filter(Q(slug__icontains=asked["q"]) | Q(label__icontains=asked["q"]))
        return found

    @extend_schema(parameters=[OpenApiParameter(name, str) for name in ("q", "kind", "group", "source")])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    @extend_schema(request={"application/json": TagDocument.model_json_schema()}, responses={201: TagDetail})
    def post(self, request: Request) -> Response:
        saved = actions.create(request.user, validated(TagDocument, request.data), clock.now())
        return _detail(saved.tag, saved.problems, status.HTTP_201_CREATED)


class TagOne(IdempotentMixin, APIView):
    """One tag. What is used is not deleted; deleting takes it from everybody, which is a job."""

    permission_classes = [
        requires_each(GET=SEE, PATCH=("audiences.change_tag", "operate"), DELETE=("audiences.delete_tag", "operate"))
    ]

    @extend_schema(responses=TagDetail)
    def get(self, request: Request, slug: str) -> Response:
        return _detail(_found(slug))

    @extend_schema(request={"application/json": TagChange.model_json_schema()}, responses=TagDetail)
    def patch(self, request: Request, slug: str) -> Response:
        saved = actions.change(request.user, slug, validated(TagChange, request.data), clock.now())
        return _detail(saved.tag, saved.problems)

    @extend_schema(responses={202: JobView})
    def delete(self, request: Request, slug: str) -> Response:
        return _job(actions.delete(request.user, slug, clock.now()))


class TagRefresh(IdempotentMixin, APIView):
    """Find anew who has a tag by rule; of others count how many have it. Answers the job."""

    permission_classes = [requires("audiences.change_tag", "operate")]

    @extend_schema(request=None, responses={202: JobView})
    def post(self, request: Request, slug: str) -> Response:
        return _job(actions.refresh(request.user, slug, clock.now()))


class TagApply(IdempotentMixin, APIView):
    """Give a manual tag to everybody in an audience, or with `remove` take it from them. Answers the job."""

    permission_classes = [requires("audiences.change_tag", "operate")]

    @extend_schema(request={"application/json": Applying.model_json_schema()}, responses={202: JobView})
    def post(self, request: Request, slug: str) -> Response:
        return _job(actions.apply(request.user, slug, validated(Applying, request.data), clock.now()))


def _found(slug: str) -> Tag:
    row = Tag.objects.filter(slug=slug).first()
    if row is None:
        raise Refusal.because("not_found", _("There is no such tag."), status=404)
    return row


def _detail(row: Tag, problems: list[Problem] | None = None, code: int = 200) -> Response:
    told: Any = row
    told.words = _words(row)
    told.used_by = users_of(Thing("tag", row.slug))
    told.problems = [problem.as_dict() for problem in problems or ()]
    return Response(TagDetail(told).data, code)


def _words(row: Tag) -> list[str]:
    if not row.cases:
        return []
    catalogue = load_catalogue(django_cursor())
    return [describe(parse_rule(case["rule"], "rule"), catalogue) for case in row.cases]


def _job(job: Job) -> Response:
    return Response(JobView(job).data, status.HTTP_202_ACCEPTED)
