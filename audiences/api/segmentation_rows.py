"""Shapes of what the API says of segmentations; every field is named, none comes by itself."""

from __future__ import annotations

from typing import Any, ClassVar

from rest_framework import serializers

from audiences.models import Audience, Segmentation


class LatestRun(serializers.Serializer[Any]):
    """The latest snapshot."""

    day = serializers.DateField()
    at = serializers.DateTimeField()
    people = serializers.IntegerField()


class SegmentationRow(serializers.ModelSerializer[Segmentation]):
    """A segmentation with its settings."""

    latest = serializers.SerializerMethodField()

    class Meta:
        model = Segmentation
        fields: ClassVar = [
            "slug", "name", "type", "kind", "config", "every", "latest", "created_at", "updated_at",
        ]  # fmt: skip
        read_only_fields: ClassVar = fields

    def get_latest(self, row: Segmentation) -> dict[str, Any] | None:
        run = row.runs.order_by("-day").first()
        return None if run is None else dict(LatestRun(run).data)


class Warned(serializers.Serializer[Any]):
    """What is odd and still allowed."""

    code = serializers.CharField()
    detail = serializers.CharField()
    path = serializers.CharField(allow_null=True)


class SavedSegmentation(serializers.Serializer[Any]):
    """The segmentation as it is now."""

    segmentation = SegmentationRow()
    problems = Warned(many=True)


class RunDay(serializers.Serializer[Any]):
    """Which snapshot it is."""

    day = serializers.DateField()
    at = serializers.DateTimeField()


class CellRow(serializers.Serializer[Any]):
    """One cell on a day; `before` and `change` are against the other day."""

    cell = serializers.CharField()
    label = serializers.CharField()
    stock = serializers.IntegerField()
    share = serializers.FloatField(allow_null=True)
    before = serializers.IntegerField(allow_null=True)
    change = serializers.FloatField(allow_null=True)
    stock_ratio = serializers.FloatField(allow_null=True)


class Cells(serializers.Serializer[Any]):
    """The figures of one day; `definitions` say in words what each is."""

    run = RunDay()
    against = RunDay(allow_null=True)
    ordered = serializers.BooleanField()
    people = serializers.IntegerField()
    cells = CellRow(many=True)
    definitions = serializers.DictField(child=serializers.CharField())


class FlowSide(serializers.Serializer[Any]):
    """A row or column; newcomers and vanished ones have neither cell nor stock."""

    cell = serializers.CharField(allow_null=True)
    label = serializers.CharField()
    stock = serializers.IntegerField(allow_null=True)


class FlowView(serializers.Serializer[Any]):
    """Who went where: `moves[row][column]`, and the same over the stock of the row."""

    rows = FlowSide(many=True)
    columns = FlowSide(many=True)
    moves = serializers.ListField(child=serializers.ListField(child=serializers.IntegerField()))
    rates = serializers.ListField(child=serializers.ListField(child=serializers.FloatField(allow_null=True)))
    definitions = serializers.DictField(child=serializers.CharField())

    def get_fields(self) -> dict[str, Any]:
        """`from` and `to` first: `from` is no name that Python lets a field have."""
        return {"from": RunDay(), "to": RunDay(), **super().get_fields()}


class CellName(serializers.Serializer[Any]):
    """A cell."""

    cell = serializers.CharField()
    label = serializers.CharField()


class HistoryDay(serializers.Serializer[Any]):
    """The stocks of one day, by cell."""

    day = serializers.DateField()
    at = serializers.DateTimeField()
    people = serializers.IntegerField()
    stocks = serializers.DictField(child=serializers.IntegerField())


class History(serializers.Serializer[Any]):
    """The stocks of many days, oldest first; `cells` are those of the last."""

    cells = CellName(many=True)
    days = HistoryDay(many=True)
    definitions = serializers.DictField(child=serializers.CharField())


class KeptPeople(serializers.ModelSerializer[Audience]):
    """The audience that was made."""

    class Meta:
        model = Audience
        fields: ClassVar = ["slug", "name", "size"]
        read_only_fields: ClassVar = fields


class FactRow(serializers.Serializer[Any]):
    """What somebody's cell rests on."""

    name = serializers.CharField()
    value = serializers.JSONField()
    text = serializers.CharField()
    band = serializers.IntegerField(allow_null=True)
    bands = serializers.IntegerField(allow_null=True)


class StandingRow(serializers.Serializer[Any]):
    """What follows from what is known of somebody now, by the cuts of the snapshot."""

    cell = serializers.CharField(allow_null=True)
    why = serializers.CharField()
    facts = FactRow(many=True)


class PlacedRow(serializers.Serializer[Any]):
    """Where somebody was in the snapshot of a day, and why."""

    day = serializers.DateField()
    cell = serializers.CharField(allow_null=True)
    label = serializers.CharField()
    standing = StandingRow(allow_null=True)


class TypeRow(serializers.Serializer[Any]):
    """A type of segmentation: its settings as a JSON schema."""

    type = serializers.CharField()
    label = serializers.CharField()
    ordered = serializers.BooleanField()
    schema = serializers.JSONField()
