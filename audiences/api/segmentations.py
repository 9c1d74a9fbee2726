"""Segmentations over HTTP: kept, run, and read in figures."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.generics import ListAPIView
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from audiences.api import segmentation_rows as rows
from audiences.models import Profile, Segmentation
from audiences.segmentations import TYPES, actions, reports, standing
from audiences.segmentations.documents import read_segmentation, read_wish
from itinera.access.idempotency import IdempotentMixin
from itinera.access.permissions import requires, requires_each
from itinera.jobs import JobView
from itinera.kit import clock
from itinera.kit.errors import Refusal

_read = requires("audiences.view_segmentation", "read")
DAY = OpenApiParameter("day", date, description="The latest snapshot of this day or before; without it the latest.")


class BySlug(CursorPagination):
    ordering = "slug"


class Segmentations(IdempotentMixin, ListAPIView[Segmentation]):
    """All of them, and new ones."""

    permission_classes = [
        requires_each(
            GET=("audiences.view_segmentation", "read"), POST=("audiences.add_segmentation", "operate")
        )
    ]  # fmt: skip
    serializer_class = rows.SegmentationRow
    pagination_class = BySlug

    def get_queryset(self) -> QuerySet[Segmentation]:
        return Segmentation.objects.all()

    @extend_schema(request=dict, responses={201: rows.SavedSegmentation})
    def post(self, request: Request) -> Response:
        entry = read_segmentation(request.data)
        with transaction.atomic():
            if Segmentation.objects.filter(slug=entry.slug).exists():
                words = _("There is a segmentation of this short name already.")
                raise Refusal.because("slug_taken", words, path="slug", status=409)
            saved = actions.save(request.user, entry)
        return Response(rows.SavedSegmentation(saved).data, status.HTTP_201_CREATED)


class SegmentationDetail(IdempotentMixin, APIView):
    """One of them: read, changed, given up."""

    permission_classes = [
        requires_each(
            GET=("audiences.view_segmentation", "read"),
            PUT=("audiences.change_segmentation", "operate"),
            DELETE=("audiences.delete_segmentation", "admin"),
        )
    ]

    @extend_schema(responses=rows.SegmentationRow)
    def get(self, request: Request, slug: str) -> Response:
        return Response(rows.SegmentationRow(_segmentation(slug)).data)

    @extend_schema(request=dict, responses=rows.SavedSegmentation)
    def put(self, request: Request, slug: str) -> Response:
        known = _segmentation(slug)
        told = request.data if isinstance(request.data, dict) else {}
        entry = read_segmentation({"type": known.type, "kind": known.kind, **told, "slug": slug})
        return Response(rows.SavedSegmentation(actions.save(request.user, entry)).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, slug: str) -> Response:
        actions.delete(request.user, _segmentation(slug))
        return Response(status=status.HTTP_204_NO_CONTENT)


class SegmentationRunNow(IdempotentMixin, APIView):
    """Run it now; the answer is the job, which may be under way already."""

    permission_classes = [requires("audiences.run_segmentation", "operate")]

    @extend_schema(request=None, responses={202: JobView})
    def post(self, request: Request, slug: str) -> Response:
        job = actions.run(request.user, _segmentation(slug), clock.now())
        return Response(JobView(job).data, status.HTTP_202_ACCEPTED)


class SegmentationCells(APIView):
    """Stock, share and change of each cell on a day."""

    permission_classes = [_read]

    @extend_schema(parameters=[DAY, OpenApiParameter("against", date)], responses=rows.Cells)
    def get(self, request: Request, slug: str) -> Response:
        found = reports.cells_report(_segmentation(slug), _day(request, "day"), _day(request, "against"))
        return Response(rows.Cells(found).data)


class SegmentationFlow(APIView):
    """Who went from which cell to which between two days; `to` is today where it is not given."""

    permission_classes = [_read]

    @extend_schema(
        parameters=[OpenApiParameter("from", date, required=True), OpenApiParameter("to", date)],
        responses=rows.FlowView,
    )
    def get(self, request: Request, slug: str) -> Response:
        first = _day(request, "from")
        if first is None:
            raise Refusal.because("missing_key", _("This is missing."), path="from")
        return Response(rows.FlowView(reports.flow_report(_segmentation(slug), first, _day(request, "to"))).data)


class SegmentationHistory(APIView):
    """The stocks of many days."""

    permission_classes = [_read]

    @extend_schema(parameters=[OpenApiParameter("from", date), OpenApiParameter("to", date)], responses=rows.History)
    def get(self, request: Request, slug: str) -> Response:
        found = reports.history_report(_segmentation(slug), _day(request, "from"), _day(request, "to"))
        return Response(rows.History(found).data)


class SegmentationPeople(IdempotentMixin, APIView):
    """The people behind a figure, kept as an audience: those of a cell on a day, or who went from there to another."""

    permission_classes = [requires("audiences.add_audience", "operate")]

    @extend_schema(request=dict, responses={201: rows.KeptPeople})
    def post(self, request: Request, slug: str) -> Response:
        found = actions.keep_people(request.user, _segmentation(slug), read_wish(request.data), clock.now())
        return Response(rows.KeptPeople(found).data, status.HTTP_201_CREATED)


class SegmentationPerson(APIView):
    """Where one person stands, and why."""

    permission_classes = [requires("audiences.view_profile", "read")]

    @extend_schema(parameters=[DAY], responses=rows.PlacedRow)
    def get(self, request: Request, slug: str, number: int) -> Response:
        segmentation = _segmentation(slug)
        profile = Profile.objects.filter(pk=number).first()
        if profile is None:
            raise Refusal.because("not_found", _("There is no such profile."), status=404)
        return Response(rows.PlacedRow(standing.place(segmentation, profile, _day(request, "day"))).data)


class SegmentationTypes(APIView):
    """The types that there are, with the schema of their settings."""

    permission_classes = [_read]

    @extend_schema(responses=rows.TypeRow(many=True))
    def get(self, request: Request) -> Response:
        found = [
            {
                "type": kind.slug, "label": str(kind.label), "ordered": kind.is_ordered,
                "schema": kind.config.model_json_schema(),
            }
            for kind in TYPES.values()
        ]  # fmt: skip
        return Response(rows.TypeRow(found, many=True).data)


def _segmentation(slug: str) -> Segmentation:
    return get_object_or_404(Segmentation, slug=slug)


def _day(request: Request, name: str) -> date | None:
    """A day of the query. Refusal if it is none."""
    text: Any = request.query_params.get(name)
    if not text:
        return None
    try:
        found = parse_date(text)
    except ValueError:
        found = None
    if found is None:
        raise Refusal.because("wrong_value", _("This is no date such as 2026-11-22."), path=name)
    return found
