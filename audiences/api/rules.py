"""The rule builder's side: what rules can be made of, what is wrong with one, which values there are.

The shapes are told in `audiences.rules.hints`.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from audiences.models import PeopleKind
from audiences.rules import check_rule, describe, load_catalogue, parse_rule
from audiences.rules.hints import rule_hints
from audiences.rules.places import AUDIENCE, JOURNEY
from audiences.rules.suggestions import common_values
from itinera.access.permissions import requires
from itinera.kit.errors import Problem, Refusal
from itinera.kit.wire import django_cursor

_PLACES = {"audience": AUDIENCE, "journey": JOURNEY}


class RuleQuestion(serializers.Serializer[Any]):
    """A rule that is being written, and where it is to stand."""

    rule = serializers.JSONField()
    where = serializers.ChoiceField(choices=list(_PLACES), default="audience")
    people = serializers.ChoiceField(choices=PeopleKind.choices, required=False)


class RuleProblem(serializers.Serializer[Any]):
    """One thing that is wrong with a rule, or odd about it."""

    code = serializers.CharField()
    detail = serializers.CharField()
    path = serializers.CharField(required=False)
    severity = serializers.ChoiceField(choices=["error", "warning"])


class RuleAnswer(serializers.Serializer[Any]):
    """Everything that is wrong, and the rule in plain words where it can be read."""

    problems = RuleProblem(many=True)
    words = serializers.CharField(allow_null=True)


class CommonValue(serializers.Serializer[Any]):
    """A text, and how often it was seen among the rows looked at."""

    value = serializers.CharField()
    count = serializers.IntegerField()


class CommonValues(serializers.Serializer[Any]):
    """The most common first."""

    values = CommonValue(many=True)


class RuleCatalogue(APIView):
    """What rules can be made of in this workspace, in the caller's language."""

    permission_classes = [requires("audiences.view_audience", "read")]

    @extend_schema(responses=dict)
    def get(self, request: Request) -> Response:
        return Response(rule_hints(django_cursor()))


class RuleCheck(APIView):
    """What is wrong with a rule, and what it says. Nothing is kept."""

    permission_classes = [requires("audiences.view_audience", "read")]

    @extend_schema(request=RuleQuestion, responses=RuleAnswer)
    def post(self, request: Request) -> Response:
        asked = RuleQuestion(data=request.data)
        asked.is_valid(raise_exception=True)
        place = _PLACES[asked.validated_data["where"]].among(asked.validated_data.get("people"))
        try:
            rule = parse_rule(asked.validated_data["rule"])
        except Refusal as refusal:
            return Response({"problems": _told(refusal.problems), "words": None})
        catalogue = load_catalogue(django_cursor())
        problems = check_rule(rule, catalogue, place=place)
        return Response({"problems": _told(problems), "words": describe(rule, catalogue)})


class RuleValues(APIView):
    """Texts that people have, to choose from while one writes a rule."""

    permission_classes = [requires("audiences.view_profile", "read")]

    @extend_schema(
        parameters=[OpenApiParameter(name) for name in ("attribute", "event", "property", "table", "column", "q")],
        responses=CommonValues,
    )
    def get(self, request: Request) -> Response:
        asked = {name: str(value)[:200] for name, value in request.query_params.items()}
        source, names = _source(asked)
        return Response({"values": common_values(django_cursor(), source, asked.get("q", "").strip(), **names)})


def _source(asked: dict[str, str]) -> tuple[str, dict[str, str]]:
    if "attribute" in asked:
        return "attribute", {"name": asked["attribute"]}
    if {"event", "property"} <= asked.keys():
        return "property", {"event": asked["event"], "name": asked["property"]}
    if {"table", "column"} <= asked.keys():
        return "column", {"table": asked["table"], "name": asked["column"]}
    if "table" in asked:
        return "key", {"table": asked["table"]}
    raise Refusal.because("missing_key", _("Name an attribute, an event with a property, or a look-up table."))


def _told(problems: list[Problem] | tuple[Problem, ...]) -> list[dict[str, str]]:
    return [problem.as_dict() for problem in problems]
