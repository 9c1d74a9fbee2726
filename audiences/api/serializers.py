"""Shapes of what the API takes and answers; every field is named, none comes by itself."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers


class RejectionRow(serializers.Serializer[Any]):
    """A line that was refused."""

    index = serializers.IntegerField()
    code = serializers.CharField()
    detail = serializers.CharField()
    path = serializers.CharField(allow_null=True)


class IngestAnswer(serializers.Serializer[Any]):
    """What became of a batch; whatever is not rejected is durable."""

    accepted = serializers.IntegerField()
    duplicates = serializers.IntegerField()
    rejected = RejectionRow(many=True)


class IdentityRow(serializers.Serializer[Any]):
    """A name that another system has for a profile."""

    kind = serializers.CharField()
    value = serializers.CharField()


class ProfileNumber(serializers.Serializer[Any]):
    """The number by which calls name a profile."""

    id = serializers.IntegerField()


class EventRow(serializers.Serializer[Any]):
    """Something that the profile did."""

    event = serializers.CharField()
    time = serializers.DateTimeField()
    properties = serializers.JSONField()


class ProfileView(serializers.Serializer[Any]):
    """Everything about one profile."""

    id = serializers.IntegerField()
    zone = serializers.CharField(allow_null=True)
    attributes = serializers.JSONField()
    tags = serializers.JSONField()
    consent = serializers.JSONField()
    suppressed = serializers.ListField(child=serializers.CharField())
    identities = IdentityRow(many=True)
    events = EventRow(many=True)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
