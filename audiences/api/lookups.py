"""Look-up tables and their rows over HTTP."""

from __future__ import annotations

import base64
import binascii
from typing import Any

import orjson
from django.db import connection
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

from audiences import lookup_actions as actions
from audiences.api.people_pages import number
from audiences.api.serializers import IngestAnswer
from audiences.api.views import answer_of, lines_of
from audiences.lookup_documents import LookupChange, LookupDocument
from audiences.models import LookupTable
from audiences.uses import Thing, users_of
from itinera.access.idempotency import IdempotentMixin
from itinera.access.permissions import requires_each
from itinera.kit import clock
from itinera.kit.errors import Refusal
from itinera.kit.sqlfile import queries
from itinera.kit.validation import validated

SEE = ("audiences.view_lookuptable", "read")
USUAL, MOST = 100, 1_000

_SQL = queries(__file__, "../sql/lookups.sql")


class ColumnRow(serializers.Serializer[Any]):
    """A column and its type."""

    name = serializers.CharField()
    type = serializers.CharField()
    label = serializers.CharField()


class LookupView(serializers.Serializer[Any]):
    """A look-up table; `key` is what its rows are found by, `rows` how many it has."""

    slug = serializers.CharField()
    label = serializers.CharField()
    key = serializers.CharField()
    columns = ColumnRow(many=True)
    rows = serializers.IntegerField()
    updated_at = serializers.DateTimeField()


class LookupDetail(LookupView):
    """The whole of it: also what uses it."""

    used_by = serializers.ListField(child=serializers.CharField())


class LookupRowView(serializers.Serializer[Any]):
    """One row."""

    key = serializers.CharField()
    values = serializers.JSONField()
    updated_at = serializers.DateTimeField()


class LookupRowPage(serializers.Serializer[Any]):
    """Some rows; `next` is the address of those who follow."""

    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    results = LookupRowView(many=True)


class LookupList(IdempotentMixin, APIView):
    """All look-up tables by short name."""

    permission_classes = [requires_each(GET=SEE, POST=("audiences.add_lookuptable", "operate"))]

    @extend_schema(responses=LookupView(many=True))
    def get(self, request: Request) -> Response:
        counts = _counts()
        return Response([_shown(row, counts) for row in LookupTable.objects.order_by("slug")])

    @extend_schema(request={"application/json": LookupDocument.model_json_schema()}, responses={201: LookupDetail})
    def post(self, request: Request) -> Response:
        row = actions.create(request.user, validated(LookupDocument, request.data), clock.now())
        return Response(_detail(row), status.HTTP_201_CREATED)


class LookupOne(IdempotentMixin, APIView):
    """One look-up table. What is used is not deleted, nor are its used columns."""

    permission_classes = [
        requires_each(
            GET=SEE,
            PUT=("audiences.change_lookuptable", "operate"),
            DELETE=("audiences.delete_lookuptable", "operate"),
        )
    ]

    @extend_schema(responses=LookupDetail)
    def get(self, request: Request, slug: str) -> Response:
        return Response(_detail(_found(slug)))

    @extend_schema(request={"application/json": LookupChange.model_json_schema()}, responses=LookupDetail)
    def put(self, request: Request, slug: str) -> Response:
        return Response(_detail(actions.change(request.user, slug, validated(LookupChange, request.data))))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, slug: str) -> Response:
        actions.delete(request.user, slug)
        return Response(status=status.HTTP_204_NO_CONTENT)


class LookupRows(IdempotentMixin, APIView):
    """The rows of a table in order of key (`begin`: those whose key begins so), and rows taken in, 1,000 a call."""

    permission_classes = [requires_each(GET=SEE, POST=("audiences.change_lookuptable", "ingest"))]

    @extend_schema(
        parameters=[
            OpenApiParameter("begin", str), OpenApiParameter("cursor", str), OpenApiParameter("limit", int),
        ],
        responses=LookupRowPage,
    )  # fmt: skip
    def get(self, request: Request, slug: str) -> Response:
        most = number(request, "limit", USUAL, MOST)
        begin = request.query_params.get("begin", "")
        asked = {"table": _found(slug).pk, "after": _after(request), "begin": begin, "most": most + 1}
        with connection.cursor() as cursor:
            cursor.execute(_SQL["page"], asked)
            found = cursor.fetchall()
        rows = [{"key": key, "values": orjson.loads(values), "updated_at": at} for key, values, at in found[:most]]
        following = None
        if len(found) > most:
            cursor_text = base64.urlsafe_b64encode(rows[-1]["key"].encode()).decode()
            following = replace_query_param(request.build_absolute_uri(), "cursor", cursor_text)
        return Response(LookupRowPage({"next": following, "previous": None, "results": rows}).data)

    @extend_schema(request=dict, responses={202: IngestAnswer})
    def post(self, request: Request, slug: str) -> Response:
        lines, source = lines_of(request.data, "rows"), f"api:{request.user.get_username()}"
        return answer_of(actions.put_rows(request.user, slug, lines, clock.now(), source))


def _found(slug: str) -> LookupTable:
    row = LookupTable.objects.filter(slug=slug).first()
    if row is None:
        raise Refusal.because("not_found", _("There is no such look-up table."), status=404)
    return row


def _counts() -> dict[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(_SQL["counts"])
        return dict(cursor.fetchall())


def _shown(row: LookupTable, counts: dict[int, int]) -> dict[str, Any]:
    shown = {name: getattr(row, name) for name in ("slug", "label", "key", "columns", "updated_at")}
    return dict(LookupView({**shown, "rows": counts.get(row.pk, 0)}).data)


def _detail(row: LookupTable) -> dict[str, Any]:
    shown = _shown(row, {row.pk: row.rows.count()})
    return dict(LookupDetail({**shown, "used_by": users_of(Thing("lookup", row.slug))}).data)


def _after(request: Request) -> str:
    text = request.query_params.get("cursor", "")
    try:
        return base64.urlsafe_b64decode(text.encode()).decode()
    except (binascii.Error, ValueError):
        raise Refusal.because("wrong_value", _("This is no cursor that was given out here."), path="cursor") from None
