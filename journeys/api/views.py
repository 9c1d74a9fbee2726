"""Journeys over HTTP: read, checked, and moved by verbs."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView, RetrieveAPIView
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from itinera.access.idempotency import IdempotentMixin
from itinera.access.permissions import requires
from itinera.kit import clock
from journeys import actions
from journeys.api import serializers
from journeys.canvas.problems import check
from journeys.canvas.schema import node_types
from journeys.figures import journey_figures
from journeys.live import signal_counts
from journeys.models import Journey, Version
from journeys.workspace import database_world

_read = requires("journeys.view_journey", "read")


class BySlug(CursorPagination):
    ordering = "slug"


class NewestVersion(CursorPagination):
    ordering = "-number"


def _journeys() -> QuerySet[Journey]:
    return Journey.objects.select_related("live_version__published_by")


class JourneyList(ListAPIView[Journey]):
    permission_classes = [_read]
    serializer_class = serializers.JourneyRow
    pagination_class = BySlug

    def get_queryset(self) -> QuerySet[Journey]:
        return Journey.objects.select_related("live_version")


class JourneyDetail(RetrieveAPIView[Journey]):
    permission_classes = [_read]
    serializer_class = serializers.JourneyDetail
    lookup_field = "slug"

    def get_queryset(self) -> QuerySet[Journey]:
        return _journeys()


class JourneyVersions(ListAPIView[Version]):
    permission_classes = [_read]
    serializer_class = serializers.VersionRow
    pagination_class = NewestVersion

    def get_queryset(self) -> QuerySet[Version]:
        journey = get_object_or_404(Journey, slug=self.kwargs["slug"])
        return Version.objects.filter(journey=journey).select_related("published_by")


class JourneyCounts(APIView):
    permission_classes = [_read]

    @extend_schema(responses=serializers.Counts)
    def get(self, request: Request, slug: str) -> Response:
        return Response(journey_figures(get_object_or_404(_journeys(), slug=slug), clock.now()))


class JourneyCheck(APIView):
    """Asks what is wrong with the draft; changes nothing."""

    permission_classes = [_read]

    @extend_schema(request=None, responses=serializers.Checked)
    def post(self, request: Request, slug: str) -> Response:
        problems = check(get_object_or_404(Journey, slug=slug).draft, database_world(clock.now()))
        publishable = all(problem.severity != "error" for problem in problems)
        return Response({"publishable": publishable, "problems": [problem.as_dict() for problem in problems]})


class JourneyVerb(IdempotentMixin, APIView):
    """Does one verb of `journeys.actions` and answers with the journey as it is then."""

    def act(self, journey: Journey, actor: Any, now: datetime) -> object:
        raise NotImplementedError

    @extend_schema(request=None, responses=serializers.JourneyDetail)
    def post(self, request: Request, slug: str) -> Response:
        self.act(get_object_or_404(Journey, slug=slug), request.user, clock.now())
        transaction.on_commit(partial(signal_counts, slug))  # other viewers see it at once
        journey = _journeys().get(slug=slug)
        return Response(serializers.JourneyDetail(journey, context={"request": request}).data)


class JourneyPublish(JourneyVerb):
    permission_classes = [requires("journeys.publish_journey", "operate")]

    def act(self, journey: Journey, actor: Any, now: datetime) -> object:
        return actions.publish(journey, actor, now)


class JourneyPause(JourneyVerb):
    permission_classes = [requires("journeys.pause_journey", "operate")]

    def act(self, journey: Journey, actor: Any, now: datetime) -> object:
        return actions.pause(journey, actor)


class JourneyResume(JourneyVerb):
    permission_classes = [requires("journeys.pause_journey", "operate")]

    def act(self, journey: Journey, actor: Any, now: datetime) -> object:
        return actions.resume(journey, actor)


class NodeTypes(APIView):
    """The catalogue of node types, in the caller's language."""

    permission_classes = [_read]

    @extend_schema(responses=serializers.NodeTypeRow(many=True))
    def get(self, request: Request) -> Response:
        return Response(node_types())
