"""One profile over HTTP: seen from all sides, changed by hand, its events and its history page by page."""

from __future__ import annotations

import base64
import binascii
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

from audiences import profile_actions as actions
from audiences.api import serializers
from audiences.api.people_pages import PAGED, number
from audiences.models import Profile, ProfileChange
from audiences.oneid.log import current
from audiences.panels import panels_of
from audiences.portrait import events_of, profile_view
from audiences.profile_documents import ProfileChange as Change
from itinera.access.idempotency import IdempotentMixin
from itinera.access.modeladmin import CLEAR
from itinera.access.permissions import requires, requires_each
from itinera.access.principal import TokenPrincipal
from itinera.kit import audit, clock
from itinera.kit.errors import Refusal
from itinera.kit.validation import validated

SEE = ("audiences.view_profile", "read")
USUAL, MOST = 50, 1_000


class ProfileDetail(IdempotentMixin, APIView):
    """One profile: identities, facts, tags, consent, audiences, latest events, and what other parts know about her.

    Identities and addresses are masked for those without the right to see them; the look of others is audited.
    """

    permission_classes = [requires_each(GET=SEE, PATCH=("audiences.change_profile", "operate"))]

    @extend_schema(responses=serializers.ProfileView)
    def get(self, request: Request, number: int) -> Response:
        return _shown(request, number)

    @extend_schema(request={"application/json": Change.model_json_schema()}, responses=serializers.ProfileView)
    def patch(self, request: Request, number: int) -> Response:
        actions.change(request.user, number, validated(Change, request.data), clock.now())
        return _shown(request, number)


class ProfileEvents(APIView):
    """What she did, newest first; with `name` events of one name only."""

    permission_classes = [requires(*SEE)]

    @extend_schema(parameters=[OpenApiParameter("name", str), *PAGED], responses=serializers.EventPage)
    def get(self, request: Request, number: int) -> Response:
        _refuse_unknown(number)
        most = _limit(request)
        found = events_of(number, most + 1, request.query_params.get("name"), _before(request))
        following = None
        if len(found) > most:
            last = found[most - 1]
            text = base64.urlsafe_b64encode(f"{last['time'].isoformat()} {last['id']}".encode()).decode()
            following = replace_query_param(request.build_absolute_uri(), "cursor", text)
        page = {"next": following, "previous": None, "results": found[:most]}
        return Response(serializers.EventPage(page).data)


class Newest(CursorPagination):
    ordering = ("-at", "-id")
    page_size_query_param = "limit"
    max_page_size = 1_000


class ProfileChanges(ListAPIView[ProfileChange]):
    """How her attributes and tags have changed, newest first; with `name` changes of one attribute or tag only."""

    permission_classes = [requires(*SEE)]
    serializer_class = serializers.ProfileChangeRow
    pagination_class = Newest

    @extend_schema(parameters=[OpenApiParameter("name", str)])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        _refuse_unknown(kwargs["number"])
        return super().get(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[ProfileChange]:
        found = ProfileChange.objects.filter(profile_id=self.kwargs["number"])
        name = self.request.query_params.get("name")
        return found if name is None else found.filter(Q(attributes__has_key=name) | Q(tags__has_key=name))


def _shown(request: Request, number: int) -> Response:
    number = current(number)  # of somebody who was merged: whoever took her in
    clear = request.user.has_perm(CLEAR)
    found = profile_view(number, clear=clear)
    if found is None:
        raise _not_there()
    found["panels"] = panels_of(number, clear=clear, may=lambda permission: _may(request, permission), say=_)
    if clear:
        audit.record(request.user, "pii.view", f"profile:{number}")
    return Response(serializers.ProfileView(found).data)


def _may(request: Request, permission: str) -> bool:
    """A token that may read may read all of it; people need each right."""
    return isinstance(request.user, TokenPrincipal) or request.user.has_perm(permission)


def _refuse_unknown(profile: int) -> None:
    if not Profile.objects.filter(pk=profile).exists():
        raise _not_there()


def _not_there() -> Refusal:
    return Refusal.because("not_found", _("There is no such profile."), status=404)


def _limit(request: Request) -> int:
    return number(request, "limit", USUAL, MOST)


def _before(request: Request) -> tuple[datetime, int] | None:
    text = request.query_params.get("cursor")
    if text is None:
        return None
    try:
        time, _space, event = base64.urlsafe_b64decode(text.encode()).decode("ascii").partition(" ")
        return datetime.fromisoformat(time), int(event)
    except (binascii.Error, ValueError):
        raise Refusal.because("wrong_value", _("This is no cursor that was given out here."), path="cursor") from None
