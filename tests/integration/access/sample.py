"""A small API and pages of our own, so that the rules are tested apart from any app that follows them."""

from __future__ import annotations

import time
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, URLResolver, path
from django.views import View
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from itinera import urls
from itinera.access.idempotency import IdempotentMixin
from itinera.access.permissions import PermissionPage, page, requires, requires_each
from itinera.kit import audit
from itinera.kit.errors import Problem, Refusal
from itinera.urls import handler400, handler403, handler404, handler500

__all__ = ["handler400", "handler403", "handler404", "handler500"]


class Item(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=["phone", "email"])
    value = serializers.CharField(max_length=5)


class Order(serializers.Serializer[Any]):
    name = serializers.CharField()
    items = Item(many=True)


class Forgotten(APIView):
    """Names no permission."""

    def get(self, request: Request) -> Response:
        return Response({"secret": 1})


class Reading(APIView):
    permission_classes = [requires("auth.view_user", "read")]

    def get(self, request: Request) -> Response:
        return Response({"who": request.user.get_username()})

    def post(self, request: Request) -> Response:
        order = Order(data=request.data)
        order.is_valid(raise_exception=True)
        return Response(order.data)


class ByMethod(APIView):
    permission_classes = [requires_each(GET=("auth.view_user", "read"), POST=("auth.change_user", "operate"))]

    def get(self, request: Request) -> Response:
        return Response()

    def post(self, request: Request) -> Response:
        return Response()

    def delete(self, request: Request) -> Response:
        return Response()


class Refusing(APIView):
    permission_classes = [requires("auth.view_user", "read")]

    def get(self, request: Request) -> Response:
        raise Refusal(
            [Problem("cycle", "A loop.", "edges[3]", "c1"), Problem("late", "Late.", severity="warning")], 409
        )


class Writing(IdempotentMixin, APIView):
    """Writes one audit row a call; waits, refuses or breaks when asked to."""

    permission_classes = [requires("auth.change_user", "operate")]

    def post(self, request: Request) -> Response:
        wish: Any = request.data
        entry = audit.record(request.user, "sample.write", str(wish.get("name")))
        if wish.get("wait"):
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_sleep(%s)", [wish["wait"]])
        if wish.get("refuse"):
            raise Refusal.because("no", "No.", status=409)
        if wish.get("break"):
            raise RuntimeError("broken on purpose")
        return Response({"id": entry.pk, "at": time.time_ns()}, 201, headers={"Location": f"/sample/{entry.pk}"})


class ClassPage(PermissionPage, View):
    permission = "auth.view_user"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        return HttpResponse("class page")


@page("auth.view_user")
def function_page(request: HttpRequest) -> HttpResponseBase:
    return HttpResponse("function page")


def refusing_page(request: HttpRequest) -> HttpResponseBase:
    raise Refusal.because("gone", "It is gone.", status=409)


def breaking_page(request: HttpRequest) -> HttpResponseBase:
    raise RuntimeError("broken on purpose")


urlpatterns: list[URLPattern | URLResolver] = [
    *urls.urlpatterns,
    path("api/sample/forgotten", Forgotten.as_view()),
    path("api/sample/reading", Reading.as_view()),
    path("api/sample/method", ByMethod.as_view()),
    path("api/sample/refusing", Refusing.as_view()),
    path("api/sample/writing", Writing.as_view()),
    path("sample/class", ClassPage.as_view()),
    path("sample/function", function_page),
    path("sample/refusing", refusing_page),
    path("api/sample/plain", refusing_page),
    path("api/sample/breaking", breaking_page),
]
