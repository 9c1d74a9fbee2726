"""People and what they do, over HTTP: taken in batches, looked up by identity, shown whole."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from audiences.api import serializers
from audiences.ingest import IngestReport, ingest_events, ingest_profiles
from audiences.models import Identity
from audiences.oneid.log import current
from audiences.portrait import profile_view
from itinera.access.idempotency import IdempotentMixin
from itinera.access.modeladmin import CLEAR
from itinera.access.permissions import requires
from itinera.kit import audit, clock
from itinera.kit.errors import Refusal

MOST_LINES = 1_000
"""Lines of one call."""


class Events(IdempotentMixin, APIView):
    """What people did. Sending a batch again is safe where its events carry an `id`."""

    permission_classes = [requires("audiences.add_event", "ingest")]

    @extend_schema(request=dict, responses={202: serializers.IngestAnswer})
    def post(self, request: Request) -> Response:
        return _take(request, "events", ingest_events)


class Profiles(IdempotentMixin, APIView):
    """What is known about people. Sending a batch again is safe."""

    permission_classes = [requires("audiences.add_profile", "ingest")]

    @extend_schema(request=dict, responses={202: serializers.IngestAnswer})
    def post(self, request: Request) -> Response:
        return _take(request, "profiles", ingest_profiles)


class Lookup(APIView):
    """The number of the profile that an identity belongs to. Identities never stand in an address."""

    permission_classes = [requires("audiences.view_profile", "read")]

    @extend_schema(request=serializers.IdentityRow, responses=serializers.ProfileNumber)
    def post(self, request: Request) -> Response:
        kind, value = _identity(request.data)
        found = Identity.objects.filter(kind=kind, value=value).values_list("profile_id", flat=True).first()
        if found is None:
            raise Refusal.because("not_found", _("Nobody is known by this identity."), status=404)
        return Response({"id": found})


class ProfileDetail(APIView):
    """One profile: identities, facts, consent, latest events. Identities are masked for those without the right.

    The number of a profile that was merged into another leads to that one: `id` in the answer tells.
    """

    permission_classes = [requires("audiences.view_profile", "read")]

    @extend_schema(responses=serializers.ProfileView)
    def get(self, request: Request, number: int) -> Response:
        clear = request.user.has_perm(CLEAR)
        found = profile_view(current(number), clear=clear)
        if found is None:
            raise Refusal.because("not_found", _("There is no such profile."), status=404)
        if clear:
            audit.record(request.user, "pii.view", f"profile:{found['id']}")
        return Response(serializers.ProfileView(found).data)


def _take(request: Request, key: str, ingest: Callable[..., IngestReport]) -> Response:
    lines = _lines(request.data, key)
    report = ingest(lines, now=clock.now(), source=f"api:{request.user.get_username()}")
    answer = {"accepted": report.accepted, "duplicates": report.duplicates}
    rejected = [
        {"index": each.index, "code": each.code, "detail": each.detail, "path": each.path} for each in report.rejected
    ]
    return Response({**answer, "rejected": rejected}, status.HTTP_202_ACCEPTED)


def _lines(body: Any, key: str) -> list[object]:
    """A list of lines, or an object that holds nothing but one."""
    lines = body.get(key) if isinstance(body, dict) and body.keys() == {key} else body
    if not isinstance(lines, list):
        words = _('The body must be a list, or {"%(key)s": […]}.') % {"key": key}
        raise Refusal.because("wrong_shape", words, path=key if isinstance(body, dict) and key in body else None)
    if len(lines) > MOST_LINES:
        words = _("A call takes at most %(most)d lines; this one has %(count)d.")
        raise Refusal.because("too_large", words % {"most": MOST_LINES, "count": len(lines)}, status=413)
    return lines


def _identity(body: Any) -> tuple[str, str]:
    """`{"kind", "value"}`, the same under `identity`, or the short form `"member_id:M1"` there."""
    inner = body.get("identity") if isinstance(body, dict) and body.keys() == {"identity"} else body
    if isinstance(inner, str) and ":" in inner:
        kind, _separator, value = inner.partition(":")
        return kind, value.strip()
    if isinstance(inner, dict) and inner.keys() == {"kind", "value"}:
        kind, value = inner["kind"], inner["value"]
        if isinstance(kind, str) and isinstance(value, str) and (kind + value).isprintable():
            return kind, value.strip()
    raise Refusal.because("wrong_shape", _('The body must name an identity: {"kind": "member_id", "value": "M1"}.'))
