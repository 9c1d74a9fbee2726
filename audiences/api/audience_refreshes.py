"""Refreshes over HTTP, and estimates of what is not saved."""

from __future__ import annotations

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.generics import ListAPIView
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from audiences import audience_actions as actions
from audiences.api import audience_rows as rows
from audiences.api.audiences import SEE, found
from audiences.api.people_pages import people
from audiences.audience_documents import EstimateDocument
from audiences.definitions.check import check_definition
from audiences.estimate import estimate
from audiences.models import AudienceRefresh
from itinera.access.idempotency import IdempotentMixin
from itinera.access.permissions import requires
from itinera.jobs import JobView
from itinera.kit import clock
from itinera.kit.validation import validated
from itinera.kit.wire import django_cursor


class NewestRefresh(CursorPagination):
    ordering = ("-at", "-id")
    page_size_query_param = "limit"
    max_page_size = 1_000


class AudienceHistory(ListAPIView[AudienceRefresh]):
    """Sizes, newest first: how many there were, how many came and went by each refresh."""

    permission_classes = [requires(*SEE)]
    serializer_class = rows.RefreshRow
    pagination_class = NewestRefresh

    def get_queryset(self) -> QuerySet[AudienceRefresh]:
        return AudienceRefresh.objects.filter(audience=found(self.kwargs["slug"]))


class AudienceRefreshNow(IdempotentMixin, APIView):
    """Find the members anew: a job, or the one that is under way."""

    permission_classes = [requires("audiences.refresh_audience", "operate")]

    @extend_schema(request=None, responses={202: JobView})
    def post(self, request: Request, slug: str) -> Response:
        job = actions.refresh(request.user, slug, clock.now())
        return Response(JobView(job).data, status.HTTP_202_ACCEPTED)


class AudienceEstimate(APIView):
    """How many people a rule would hold, within a second; nothing is saved."""

    permission_classes = [requires(*SEE)]

    @extend_schema(request={"application/json": EstimateDocument.model_json_schema()}, responses=rows.EstimateView)
    def post(self, request: Request) -> Response:
        asked = validated(EstimateDocument, request.data)
        definition, path = asked.defined
        checked = check_definition(definition, asked.kind, "", path)
        made = estimate(django_cursor(), checked, asked.kind, clock.now())
        told = {name: getattr(made, name) for name in ("size", "low", "high", "exact", "at")}
        told["sample"] = people(request, "audience estimate", made.found.sample(asked.sample).tolist())
        told["problems"] = [each.as_dict() for each in checked.problems]
        return Response(rows.EstimateView(told).data)
