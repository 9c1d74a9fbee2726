"""One customer behind many identities, over HTTP: pairs that wait for a decision, merges, and undoing them."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from audiences.models import Merge, MergeRequest, MergeState
from audiences.oneid import actions
from audiences.oneid.undo import WITHIN
from audiences.oneid.words import in_words
from audiences.portrait import identities_of
from itinera.access.idempotency import IdempotentMixin
from itinera.access.modeladmin import CLEAR
from itinera.access.permissions import requires
from itinera.kit import audit, clock
from itinera.kit.errors import Refusal

_MAY = requires("audiences.merge_profile", "operate")


class Newest(CursorPagination):
    ordering = "-id"
    page_size_query_param = "limit"
    max_page_size = 1_000


class MergeRow(serializers.ModelSerializer[Merge]):
    """One profile that went into another; `undo_until` is null once it was undone or can no longer be."""

    survivor = serializers.IntegerField(source="survivor_id")
    merged = serializers.IntegerField(source="merged_id")
    by = serializers.CharField(source="by.username", default=None, allow_null=True)
    undone_by = serializers.CharField(source="undone_by.username", default=None, allow_null=True)
    undo_until = serializers.SerializerMethodField()

    class Meta:
        model = Merge
        fields = ("id", "survivor", "merged", "at", "kind", "source", "by", "undo_until", "undone_at", "undone_by")

    def get_undo_until(self, merge: Merge) -> str | None:
        return (merge.at + WITHIN).isoformat() if merge.snapshot is not None else None


class MergeRequestRow(serializers.ModelSerializer[MergeRequest]):
    """Two profiles that may be one, each with her identities; `reason` is the code of a contradiction."""

    profile = serializers.SerializerMethodField()
    other = serializers.SerializerMethodField()
    detail = serializers.SerializerMethodField()
    decided_by = serializers.CharField(source="decided_by.username", default=None, allow_null=True)

    class Meta:
        model = MergeRequest
        fields = (
            "id", "profile", "other", "kind", "source", "at", "state", "reason", "detail", "decided_by", "decided_at",
        )  # fmt: skip

    def get_profile(self, pair: MergeRequest) -> dict[str, Any]:
        return self._named(pair.profile)

    def get_other(self, pair: MergeRequest) -> dict[str, Any]:
        return self._named(pair.other)

    def get_detail(self, pair: MergeRequest) -> str:
        return in_words(pair.reason)

    def _named(self, profile: Any) -> dict[str, Any]:
        return {"id": profile.pk, "identities": identities_of(profile, clear=self.context["clear"])}


class Decision(serializers.Serializer[Any]):
    """What somebody who has looked says about a pair."""

    decision = serializers.ChoiceField(choices=("merge", "keep_apart"))


class Two(serializers.Serializer[Any]):
    """Two profiles by their numbers; old ones stand for whoever they were merged into."""

    profile = serializers.IntegerField(min_value=1, max_value=2**62)
    other = serializers.IntegerField(min_value=1, max_value=2**62)


class MergeList(ListAPIView[Merge]):
    """The log, newest first. Filter: `profile` (whoever stayed or went)."""

    permission_classes = [requires("audiences.view_merge", "read")]
    serializer_class = MergeRow
    pagination_class = Newest

    @extend_schema(parameters=[OpenApiParameter("profile", int)])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[Merge]:
        found = Merge.objects.select_related("by", "undone_by")
        if "profile" in self.request.query_params:
            number = _number(self.request.query_params["profile"])
            found = found.filter(Q(survivor_id=number) | Q(merged_id=number))
        return found


class MergeUndo(IdempotentMixin, APIView):
    """Take a merge back, within thirty days."""

    permission_classes = [_MAY]

    @extend_schema(request=None, responses=MergeRow)
    def post(self, request: Request, number: int) -> Response:
        return Response(MergeRow(actions.undo_merge(request.user, number, clock.now())).data)


class MergeRequestList(ListAPIView[MergeRequest]):
    """Pairs, newest first. Filter: `state` (queued, conflict, apart). Identities are masked without the right."""

    permission_classes = [requires("audiences.view_mergerequest", "read")]
    serializer_class = MergeRequestRow
    pagination_class = Newest

    @extend_schema(parameters=[OpenApiParameter("state", str, enum=MergeState.values)])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        answer = super().get(request, *args, **kwargs)
        if self._sees_clear():
            seen = sorted({side["id"] for row in answer.data["results"] for side in (row["profile"], row["other"])})
            audit.record(request.user, "pii.view", "mergerequest", after={"profiles": seen})
        return answer

    def get_queryset(self) -> QuerySet[MergeRequest]:
        found = MergeRequest.objects.select_related("profile", "other", "decided_by")
        found = found.prefetch_related("profile__identities", "other__identities")
        if "state" in self.request.query_params:
            found = found.filter(state=_state(self.request.query_params["state"]))
        return found

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "clear": self._sees_clear()}

    def _sees_clear(self) -> bool:
        return self.request.user.has_perm(CLEAR)


class MergeRequestDecide(IdempotentMixin, APIView):
    """Say about a pair that it is one person, or two. One: the merge; two: the pair as it is kept."""

    permission_classes = [_MAY]

    @extend_schema(request=Decision, responses=MergeRow)
    def post(self, request: Request, number: int) -> Response:
        body = Decision(data=request.data)
        body.is_valid(raise_exception=True)
        if body.validated_data["decision"] == "merge":
            return Response(MergeRow(actions.merge_anyway(request.user, number, clock.now())).data)
        pair = actions.keep_apart(request.user, number, clock.now())
        return Response(MergeRequestRow(pair, context={"clear": False}).data)


class ProfilesMerge(IdempotentMixin, APIView):
    """Make two profiles one, because somebody knows. Who stays is told by the answer."""

    permission_classes = [_MAY]

    @extend_schema(request=Two, responses=MergeRow)
    def post(self, request: Request) -> Response:
        body = Two(data=request.data)
        body.is_valid(raise_exception=True)
        pair = body.validated_data
        return Response(
            MergeRow(actions.merge_profiles(request.user, pair["profile"], pair["other"], clock.now())).data
        )


def _number(text: str) -> int:
    if not text.isdecimal() or len(text) > 18:
        raise Refusal.because("wrong_value", _("A profile is named by its number here."), path="profile")
    return int(text)


def _state(text: str) -> str:
    if text not in MergeState.values:
        words = _("There is no such state; there are: %(known)s") % {"known": ", ".join(MergeState.values)}
        raise Refusal.because("wrong_value", words, path="state")
    return text
