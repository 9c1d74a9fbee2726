"""Shapes of what the API says about audiences; every field is named, none comes by itself."""

from __future__ import annotations

from typing import Any, ClassVar

from rest_framework import serializers

from audiences.api.serializers import IdentityRow
from audiences.models import Audience, AudienceRefresh


class AudienceRow(serializers.ModelSerializer[Audience]):
    """An audience as lists show it; `size` and `refreshed_at` are null before the first refresh."""

    archived = serializers.SerializerMethodField()

    class Meta:
        model = Audience
        fields: ClassVar = [
            "slug", "name", "description", "kind", "every", "size", "refreshed_at", "revision", "archived",
            "updated_at",
        ]  # fmt: skip
        read_only_fields: ClassVar = fields

    def get_archived(self, row: Audience) -> bool:
        return row.archived_at is not None


class ProblemRow(serializers.Serializer[Any]):
    """Something odd that does not forbid saving."""

    code = serializers.CharField()
    detail = serializers.CharField()
    path = serializers.CharField(required=False)
    severity = serializers.CharField()


class AudienceDetail(AudienceRow):
    """The whole of it: the definition also in plain words, what it rests on, and what asks for it."""

    words = serializers.CharField(read_only=True)
    asked_by = serializers.ListField(child=serializers.CharField(), read_only=True)
    problems = ProblemRow(many=True, read_only=True)

    class Meta(AudienceRow.Meta):
        fields: ClassVar = [
            *AudienceRow.Meta.fields, "definition", "words", "asks", "asked_by", "created_at", "problems",
        ]  # fmt: skip
        read_only_fields: ClassVar = fields


class PersonRow(serializers.Serializer[Any]):
    """Somebody, by number; identities are masked for those without the right to see them."""

    id = serializers.IntegerField()
    identities = IdentityRow(many=True)


class PeoplePage(serializers.Serializer[Any]):
    """Some people; `next` is the address of those who follow."""

    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    results = PersonRow(many=True)


class Sample(serializers.Serializer[Any]):
    """Some people of an audience, spread evenly, the same ones each time."""

    size = serializers.IntegerField()
    results = PersonRow(many=True)


class Membership(serializers.Serializer[Any]):
    """Whether somebody is in an audience as of its last refresh."""

    id = serializers.IntegerField()
    member = serializers.BooleanField()
    at = serializers.DateTimeField(allow_null=True)


class RefreshRow(serializers.ModelSerializer[AudienceRefresh]):
    """One refresh: how many there were, how many came and went."""

    class Meta:
        model = AudienceRefresh
        fields: ClassVar = ["id", "at", "size", "entered", "left", "took_ms"]
        read_only_fields: ClassVar = fields


class EstimateView(serializers.Serializer[Any]):
    """So many people; if not `exact`, between `low` and `high` with 95 % confidence. `at`: as of when."""

    size = serializers.IntegerField()
    low = serializers.IntegerField()
    high = serializers.IntegerField()
    exact = serializers.BooleanField()
    at = serializers.DateTimeField()
    sample = PersonRow(many=True)
    problems = ProblemRow(many=True)
