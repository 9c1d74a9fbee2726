"""Who is in an audience, over HTTP: all of them by pages, some of them, one of them; who came and who went."""

from __future__ import annotations

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from audiences import audience_actions as actions
from audiences import membership
from audiences.api import audience_rows as rows
from audiences.api.audiences import detail, found
from audiences.api.people_pages import PAGED, number, people, people_page
from audiences.audience_documents import ListChange
from audiences.models import AudienceRefresh
from itinera.access.idempotency import IdempotentMixin
from itinera.access.permissions import requires, requires_each
from itinera.kit import clock
from itinera.kit.errors import Refusal
from itinera.kit.validation import validated
from itinera.kit.wire import django_cursor

PEOPLE = ("audiences.view_profile", "read")


class AudienceMembersPage(IdempotentMixin, APIView):
    """Members as of the last refresh, in an order of their own. A fixed list is changed by POST."""

    permission_classes = [requires_each(GET=PEOPLE, POST=("audiences.change_audience", "operate"))]

    @extend_schema(responses=rows.PeoplePage, parameters=PAGED)
    def get(self, request: Request, slug: str) -> Response:
        row, cursor = found(slug), django_cursor()
        return people_page(request, f"audience:{slug}", lambda shard: membership.load_shard(cursor, row.pk, shard))

    @extend_schema(request={"application/json": ListChange.model_json_schema()}, responses=rows.AudienceDetail)
    def post(self, request: Request, slug: str) -> Response:
        saved = actions.change_list(request.user, slug, validated(ListChange, request.data), clock.now())
        return detail(saved.audience, saved.problems)


class AudienceMember(APIView):
    """Whether somebody, named by number, is in the audience."""

    permission_classes = [requires(*PEOPLE)]

    @extend_schema(responses=rows.Membership)
    def get(self, request: Request, slug: str, number: int) -> Response:
        row = found(slug)
        told = {"id": number, "member": membership.has(django_cursor(), row.pk, number), "at": row.refreshed_at}
        return Response(rows.Membership(told).data)


class AudienceSample(APIView):
    """Some members, spread evenly, the same ones each time."""

    permission_classes = [requires(*PEOPLE)]

    @extend_schema(responses=rows.Sample, parameters=[OpenApiParameter("limit", int)])
    def get(self, request: Request, slug: str) -> Response:
        row = found(slug)
        members = membership.load(django_cursor(), [row.pk])[row.pk]
        some = members.sample(number(request, "limit", 20, 50)).tolist()
        return Response({"size": len(members), "results": people(request, f"audience:{slug}", some)})


class AudienceShiftPage(APIView):
    """Who came into the audience by one refresh (`side=entered`), or left it (`side=left`)."""

    permission_classes = [requires(*PEOPLE)]

    @extend_schema(
        responses=rows.PeoplePage, parameters=[OpenApiParameter("side", str, enum=["entered", "left"]), *PAGED]
    )
    def get(self, request: Request, slug: str, refresh: int) -> Response:
        side = request.query_params.get("side", "entered")
        if side not in {"entered", "left"}:
            words = _("This must be one of: %(expected)s.") % {"expected": "entered, left"}
            raise Refusal.because("wrong_value", words, path="side")
        row = AudienceRefresh.objects.filter(pk=refresh, audience=found(slug)).first()
        if row is None:
            raise Refusal.because("not_found", _("There is no such refresh."), status=404)
        cursor = django_cursor()
        return people_page(
            request, f"audience:{slug}", lambda shard: membership.load_shift(cursor, refresh, shard, side)
        )
