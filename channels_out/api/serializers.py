"""Shapes of what the API answers about sending; every field is named, none comes by itself."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from channels_out.masking import masked_address
from channels_out.models import Account, Cap, Message, MessageStatus, QuietHours, Template


class MessageRow(serializers.ModelSerializer[Message]):
    """One message. The address is masked unless the caller may see personal data."""

    status = serializers.SerializerMethodField()
    profile = serializers.IntegerField(source="profile_id")
    node = serializers.CharField(source="node_id")
    account = serializers.SerializerMethodField()
    address = serializers.SerializerMethodField()

    class Meta:
        model = Message
        fields = (
            "id", "profile", "journey", "node", "channel", "category", "account", "status", "reason", "variant",
            "address", "at", "retry_at", "tries", "updated_at",
        )  # fmt: skip

    def get_status(self, message: Message) -> str:
        return MessageStatus(message.status).name.lower()

    def get_account(self, message: Message) -> str | None:
        slugs: dict[int, str] = self.context["accounts"]
        return slugs.get(message.account_id) if message.account_id is not None else None

    def get_address(self, message: Message) -> str | None:
        return message.address if self.context["clear"] else masked_address(message) or None


class TemplateRow(serializers.ModelSerializer[Template]):
    """A template with its content."""

    class Meta:
        model = Template
        fields = ("slug", "channel", "name", "content")


class CapRow(serializers.ModelSerializer[Cap]):
    """A cap, in the words of a workspace file."""

    class Meta:
        model = Cap
        fields = ("name", "limit", "window", "channel", "category", "journey", "kind")


class QuietHoursRow(serializers.ModelSerializer[QuietHours]):
    """Quiet hours, in the words of a workspace file."""

    dates = serializers.JSONField()

    class Meta:
        model = QuietHours
        fields = ("category", "channel", "from", "to", "dates")

    def get_fields(self) -> dict[str, Any]:
        """`from` is a word of Python's, so it cannot be declared above."""
        times = {"from": "from_time", "to": "to_time"}
        own = {name: serializers.TimeField(source=source, format="%H:%M") for name, source in times.items()}
        self._declared_fields.update(own)
        return dict(super().get_fields())


class AccountRow(serializers.ModelSerializer[Account]):
    """A sending account; its settings and secrets are not told."""

    class Meta:
        model = Account
        fields = (
            "slug", "channel", "provider", "name", "rate_per_second", "concurrency", "enabled", "is_default",
            "blocked_until", "blocked_code",
        )  # fmt: skip
