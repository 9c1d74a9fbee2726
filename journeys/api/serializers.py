"""What the API says of journeys. Every field is listed; nothing is taken over from a model by itself."""

from __future__ import annotations

from typing import Any, ClassVar

from rest_framework import serializers

from audiences.models import AttributeType, EventType, Workspace
from journeys.models import Journey, JourneyStatus, Version, VersionStatus


class VersionRow(serializers.ModelSerializer[Version]):
    published_by = serializers.CharField(source="published_by.get_username", default=None, read_only=True)
    status = serializers.ChoiceField(choices=VersionStatus.choices, read_only=True)

    class Meta:
        model = Version
        fields: ClassVar = ["number", "status", "published_at", "published_by"]
        read_only_fields: ClassVar = fields


class JourneyRow(serializers.ModelSerializer[Journey]):
    status = serializers.ChoiceField(choices=JourneyStatus.choices, read_only=True)
    version = serializers.IntegerField(source="live_version.number", default=None, read_only=True)

    class Meta:
        model = Journey
        fields: ClassVar = ["slug", "name", "status", "version", "revision", "updated_at"]
        read_only_fields: ClassVar = fields


class May(serializers.Serializer[Any]):
    """What the caller may do with the journey."""

    publish = serializers.BooleanField()
    pause = serializers.BooleanField()


class Names(serializers.Serializer[Any]):
    """What the brand calls its events, their properties, and attributes, by name; unlabelled ones are left out."""

    events = serializers.DictField(child=serializers.CharField())
    attributes = serializers.DictField(child=serializers.CharField())
    properties = serializers.DictField(child=serializers.CharField())


class JourneyDetail(serializers.ModelSerializer[Journey]):
    """The canvas is that of the live version, or the draft of a journey that was never published."""

    status = serializers.ChoiceField(choices=JourneyStatus.choices, read_only=True)
    version = VersionRow(source="live_version", read_only=True, allow_null=True)
    canvas = serializers.SerializerMethodField()
    draft_differs = serializers.SerializerMethodField()
    may = serializers.SerializerMethodField()
    names = serializers.SerializerMethodField()
    zone = serializers.SerializerMethodField()

    class Meta:
        model = Journey
        fields: ClassVar = [
            "slug", "name", "status", "revision", "updated_at", "version", "canvas", "draft_differs", "may", "names",
            "zone",
        ]  # fmt: skip
        read_only_fields: ClassVar = fields

    def get_canvas(self, journey: Journey) -> dict[str, Any]:
        canvas: dict[str, Any] = journey.draft if journey.live_version is None else journey.live_version.canvas
        return canvas

    def get_draft_differs(self, journey: Journey) -> bool:
        return journey.live_version is None or journey.draft != journey.live_version.canvas

    def get_may(self, journey: Journey) -> dict[str, bool]:
        who = self.context["request"].user
        return {verb: who.has_perm(f"journeys.{verb}_journey") for verb in ("publish", "pause")}

    def get_names(self, journey: Journey) -> dict[str, dict[str, str]]:
        events = EventType.objects.values_list("name", "label", "properties")
        properties = {each["name"]: each["label"] for *_, found in events for each in found if each.get("label")}
        return {
            "events": {name: label for name, label, _properties in events if label},
            "attributes": dict(AttributeType.objects.exclude(label="").values_list("name", "label")),
            "properties": properties,
        }

    def get_zone(self, journey: Journey) -> str:
        """The zone that times of this journey are told in."""
        own = (self.get_canvas(journey).get("settings") or {}).get("zone")
        return str(own or Workspace.objects.values_list("zone", flat=True).get())


class ProblemRow(serializers.Serializer[Any]):
    code = serializers.CharField()
    detail = serializers.CharField()
    path = serializers.CharField(required=False)
    node = serializers.CharField(required=False)
    severity = serializers.ChoiceField(choices=["error", "warning"])


class Checked(serializers.Serializer[Any]):
    """All that is wrong with the draft. It can be published while none of it is an error."""

    publishable = serializers.BooleanField()
    problems = ProblemRow(many=True)


class NodeCounts(serializers.Serializer[Any]):
    def get_fields(self) -> dict[str, Any]:
        # `in` is a word of Python's, so these cannot be attributes of the class.
        port = serializers.DictField(child=serializers.IntegerField())
        return {"in": serializers.IntegerField(), "at": serializers.IntegerField(), "out": port}


class Counts(serializers.Serializer[Any]):
    """The figures of a journey; `nodes` of its live version, by node id."""

    type = serializers.CharField()
    nodes = serializers.DictField(child=NodeCounts())
    entered = serializers.IntegerField()
    inside = serializers.IntegerField()
    older = serializers.IntegerField(help_text="People still inside versions before the live one.")
    goals = serializers.IntegerField()
    exits = serializers.DictField(child=serializers.IntegerField())
    messages = serializers.DictField(child=serializers.IntegerField())
    node_messages = serializers.DictField(
        child=serializers.DictField(child=serializers.IntegerField()),
        help_text="Messages of the live version, by node id and status.",
    )
    version = serializers.IntegerField(allow_null=True)
    status = serializers.ChoiceField(choices=JourneyStatus.choices)
    at = serializers.DateTimeField()


class NodeTypeRow(serializers.Serializer[Any]):
    def get_fields(self) -> dict[str, Any]:
        # `label` is an attribute of every serializer.
        return {**super().get_fields(), "label": serializers.CharField()}

    type = serializers.CharField()
    group = serializers.CharField()
    group_label = serializers.CharField()
    is_trigger = serializers.BooleanField()
    ports = serializers.JSONField()
    schema = serializers.JSONField()
