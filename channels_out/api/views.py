"""Sending over HTTP: what was sent, and what it is sent with. Reading only."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import ListAPIView, RetrieveAPIView
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response

from audiences.models import SHARDS
from channels_out.api import serializers
from channels_out.models import Account, Cap, Message, MessageStatus, QuietHours, Template
from itinera.access.modeladmin import CLEAR
from itinera.access.permissions import requires
from itinera.kit import audit
from itinera.kit.errors import Refusal

_TEXTS = ("journey", "channel", "category", "reason")


class Newest(CursorPagination):
    ordering = "-id"
    page_size_query_param = "limit"
    max_page_size = 1_000


class InOrder(CursorPagination):
    ordering = "id"


class MessageList(ListAPIView[Message]):
    """Newest first. Filters: status, reason, journey, node, channel, category, profile (its number), since, until."""

    permission_classes = [requires("channels_out.view_message", "read")]
    serializer_class = serializers.MessageRow
    pagination_class = Newest

    @extend_schema(
        parameters=[
            OpenApiParameter(name, str)
            for name in ("status", "reason", "journey", "node", "channel", "category", "profile", "since", "until")
        ]
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        answer = super().get(request, *args, **kwargs)
        if self._sees_clear():
            audit.record(
                request.user, "pii.view", "message", after={"ids": [row["id"] for row in answer.data["results"]]}
            )
        return answer

    def get_queryset(self) -> QuerySet[Message]:
        asked = self.request.query_params
        found = Message.objects.all()
        for name in _TEXTS:
            if name in asked:
                found = found.filter(**{name: asked[name]})
        if "node" in asked:
            found = found.filter(node_id=asked["node"])
        if "status" in asked:
            found = found.filter(status=_status(asked["status"]))
        if "profile" in asked:
            number = _number(asked["profile"])
            found = found.filter(shard=number % SHARDS, profile_id=number)
        if "since" in asked:
            found = found.filter(at__gte=_instant("since", asked["since"]))
        if "until" in asked:
            found = found.filter(at__lt=_instant("until", asked["until"]))
        return found

    def get_serializer_context(self) -> dict[str, Any]:
        slugs = dict(Account.objects.values_list("id", "slug"))
        return {**super().get_serializer_context(), "accounts": slugs, "clear": self._sees_clear()}

    def _sees_clear(self) -> bool:
        return self.request.user.has_perm(CLEAR)


class TemplateList(ListAPIView[Template]):
    permission_classes = [requires("channels_out.view_template", "read")]
    serializer_class = serializers.TemplateRow
    pagination_class = InOrder
    queryset = Template.objects.all()


class TemplateDetail(RetrieveAPIView[Template]):
    permission_classes = [requires("channels_out.view_template", "read")]
    serializer_class = serializers.TemplateRow
    queryset = Template.objects.all()
    lookup_field = "slug"


class CapList(ListAPIView[Cap]):
    permission_classes = [requires("channels_out.view_cap", "read")]
    serializer_class = serializers.CapRow
    pagination_class = InOrder
    queryset = Cap.objects.all()


class QuietHoursList(ListAPIView[QuietHours]):
    permission_classes = [requires("channels_out.view_quiethours", "read")]
    serializer_class = serializers.QuietHoursRow
    pagination_class = InOrder
    queryset = QuietHours.objects.all()


class AccountList(ListAPIView[Account]):
    permission_classes = [requires("channels_out.view_account", "admin")]
    serializer_class = serializers.AccountRow
    pagination_class = InOrder
    queryset = Account.objects.all()


def _status(name: str) -> int:
    try:
        return int(MessageStatus[name.upper()])
    except KeyError:
        known = ", ".join(status.name.lower() for status in MessageStatus)
        words = _("There is no such status; there are: %(known)s") % {"known": known}
        raise Refusal.because("wrong_value", words, path="status") from None


def _number(text: str) -> int:
    if not text.isdecimal() or len(text) > 18:
        raise Refusal.because("wrong_value", _("A profile is named by its number here."), path="profile")
    return int(text)


def _instant(name: str, text: str) -> object:
    try:
        found = parse_datetime(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise Refusal.because("wrong_value", _("This must be an instant with an offset, in ISO 8601."), path=name)
    return found
