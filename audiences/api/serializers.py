"""Shapes of what the API takes and answers; every field is named, none comes by itself."""

from __future__ import annotations

from typing import Any, ClassVar

from rest_framework import serializers

from audiences.models import ProfileChange


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


class KnownIdentity(IdentityRow):
    """An identity, and since when it is known."""

    since = serializers.DateTimeField()


class EventRow(serializers.Serializer[Any]):
    """Something that the profile did."""

    id = serializers.IntegerField()
    event = serializers.CharField()
    label = serializers.CharField()
    time = serializers.DateTimeField()
    properties = serializers.JSONField()


class EventPage(serializers.Serializer[Any]):
    """Some of what she did; `next` is the address of what came before."""

    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    results = EventRow(many=True)


class FactRow(serializers.Serializer[Any]):
    """An attribute with what it is called; `changed_at` null: not since the profile was made."""

    name = serializers.CharField()
    label = serializers.CharField()
    type = serializers.CharField(allow_null=True)
    declared = serializers.BooleanField()
    lookup = serializers.CharField(allow_null=True)
    value = serializers.JSONField()
    changed_at = serializers.DateTimeField(allow_null=True)
    changed_by = serializers.CharField(allow_null=True)


class LabelRow(serializers.Serializer[Any]):
    """A tag with what it is called, and who keeps it (`source`)."""

    slug = serializers.CharField()
    label = serializers.CharField()
    group = serializers.CharField()
    type = serializers.CharField(allow_null=True)
    source = serializers.CharField(allow_null=True)
    value = serializers.JSONField()
    changed_at = serializers.DateTimeField(allow_null=True)
    changed_by = serializers.CharField(allow_null=True)


class ConsentRow(serializers.Serializer[Any]):
    """What she agreed to or withdrew, and how; `source` and `at` null: nobody knows any more."""

    channel = serializers.CharField()
    category = serializers.CharField()
    given = serializers.BooleanField()
    source = serializers.CharField(allow_null=True)
    at = serializers.DateTimeField(allow_null=True)
    proof = serializers.JSONField()


class InAudience(serializers.Serializer[Any]):
    """An audience that she is in as of its last refresh."""

    slug = serializers.CharField()
    name = serializers.CharField()


class PanelView(serializers.Serializer[Any]):
    """What another part of the system knows about her, newest first; the rows are the panel's own."""

    key = serializers.CharField()
    label = serializers.CharField()
    rows = serializers.ListField(child=serializers.DictField())


class ProfileView(serializers.Serializer[Any]):
    """Everything about one profile."""

    id = serializers.IntegerField()
    kind = serializers.CharField()
    zone = serializers.CharField(allow_null=True)
    attributes = serializers.JSONField()
    tags = serializers.JSONField()
    consent = serializers.JSONField()
    suppressed = serializers.ListField(child=serializers.CharField())
    identities = KnownIdentity(many=True)
    facts = FactRow(many=True)
    labels = LabelRow(many=True)
    consents = ConsentRow(many=True)
    consent_history = ConsentRow(many=True)
    audiences = InAudience(many=True)
    events = EventRow(many=True)
    panels = PanelView(many=True)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class ProfileChangeRow(serializers.ModelSerializer[ProfileChange]):
    """What one source changed at once: `{name: [before, after]}`."""

    attributes = serializers.SerializerMethodField()
    tags = serializers.SerializerMethodField()

    class Meta:
        model = ProfileChange
        fields: ClassVar = ["id", "at", "source", "attributes", "tags"]

    def get_attributes(self, row: ProfileChange) -> dict[str, Any]:
        return row.attributes or {}

    def get_tags(self, row: ProfileChange) -> dict[str, Any]:
        return row.tags or {}
