"""What was sent, and each try at it. Read-only; addresses are masked for those without the right."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from audiences.models import SHARDS
from channels_out.masking import masked_address, masked_content
from channels_out.models import Account, Attempt, AttemptOutcome, Message, MessageStatus
from channels_out.models.channel import Channel
from channels_out.policy import REASONS
from channels_out.reasons import told
from itinera.access.modeladmin import MaskedMixin, ReadOnlyAdmin


def _channel(name: str) -> str:
    return str(Channel(name).label) if name in Channel.values else name


class ReasonFilter(admin.SimpleListFilter):
    """The reasons that policy and the door give; a provider's own codes are found by status `failed`."""

    title = _("reason")
    parameter_name = "reason"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(reason, told(reason)) for reason in REASONS if reason]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Message]) -> QuerySet[Message]:
        return queryset.filter(reason=self.value()) if self.value() else queryset


class ChannelFilter(admin.SimpleListFilter):
    """Channels of the accounts there are, so that no table is scanned for the choices."""

    title = _("channel")
    parameter_name = "channel"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        found = Account.objects.values_list("channel", flat=True).distinct().order_by("channel")
        return [(name, _channel(name)) for name in found]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Message]) -> QuerySet[Message]:
        return queryset.filter(channel=self.value()) if self.value() else queryset


@admin.register(Message)
class MessageAdmin(MaskedMixin, ReadOnlyAdmin):
    explanation = _("Every message owed or sent, and why those that did not leave did not.")
    list_display = (
        "id", "at", "profile_id", "journey", "node_id", "shown_channel", "shown_status", "shown_reason", "address",
    )  # fmt: skip
    list_filter = ("status", ReasonFilter, ChannelFilter, "at")
    search_fields = ("=id", "=journey")
    search_help_text = _("The number of a message or of a profile, or a journey.")
    ordering = ("-id",)
    masked = {"address": masked_address, "content": masked_content}
    fields = (
        ("id", "shown_status", "shown_reason"),
        ("profile_id", "journey", "node_id"),
        ("shown_channel", "category", "account_id", "address"),
        "content",
        ("at", "stale_at", "retry_at", "tries", "updated_at"),
        "attempts",
    )

    @admin.display(description=_("status"), ordering="status")
    def shown_status(self, message: Message) -> str:
        return str(MessageStatus(message.status).label)

    @admin.display(description=_("channel"), ordering="channel")
    def shown_channel(self, message: Message) -> str:
        return _channel(message.channel)

    @admin.display(description=_("reason"), ordering="reason")
    def shown_reason(self, message: Message) -> str:
        return told(message.reason)

    @admin.display(description=_("attempts"))
    def attempts(self, message: Message) -> SafeString:
        rows = (
            (
                f"{localtime(each.opened_at):%Y-%m-%d %H:%M:%S}",
                AttemptOutcome(each.outcome).label if each.outcome is not None else "…",
                each.code or "",
                each.detail or "",
                each.provider_id or "",
            )
            for each in Attempt.objects.filter(message_id=message.pk).order_by("id")
        )
        return format_html_join("\n", "<div>{} · {} {} {} {}</div>", rows)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Message], search_term: str
    ) -> tuple[QuerySet[Message], bool]:
        """A profile's messages are found by its shard first: the key begins with it."""
        if not search_term.isdecimal() or len(search_term) > 18:
            return super().get_search_results(request, queryset, search_term)
        number = int(search_term)
        mine = queryset.filter(shard=number % SHARDS, profile_id=number)
        return (mine if mine.exists() else queryset.filter(pk=number)), False


@admin.register(Attempt)
class AttemptAdmin(ReadOnlyAdmin):
    explanation = _("Each call to a provider, and what it answered.")
    list_display = ("id", "message_id", "account_id", "opened_at", "closed_at", "outcome", "code", "detail")
    list_filter = ("outcome", "opened_at")
    search_fields = ("=message_id",)
    search_help_text = _("The number of a message.")
    ordering = ("-id",)
