"""API tokens: made here, their secret shown once, revoked here, never deleted."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminTextInputWidget
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from itinera.access.modeladmin import Explained
from itinera.access.models import ApiToken
from itinera.access.models.token import Scope
from itinera.access.tokens import DEFAULT_DAYS, issue, revoke
from itinera.kit.errors import Refusal


class TokenForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for the checker only
    """What one decides about a token; the rest is generated."""

    scopes = forms.MultipleChoiceField(
        choices=Scope.choices,
        widget=forms.CheckboxSelectMultiple,
        label=_("scopes"),
        help_text=_("Give as few as will do; none implies another."),
    )
    days = forms.IntegerField(min_value=1, max_value=3650, initial=DEFAULT_DAYS, label=_("lives for days"))

    class Meta:
        model = ApiToken
        fields = ("name",)
        widgets = {"name": AdminTextInputWidget}


@admin.register(ApiToken)
class TokenAdmin(Explained):
    """`issue` and `revoke` write the audit rows."""

    explanation = _("What machines show to come in: scopes, expiry, last use.")
    list_display = ("name", "begins_with", "allowed", "state", "expires_at", "last_used_at")
    search_fields = ("name", "prefix")
    actions = ("revoke_tokens",)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        return TokenForm if obj is None else super().get_form(request, obj, change, **kwargs)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        made = ("name", "begins_with", "allowed", "state", "created_at", "created_by", "expires_at", "last_used_at")
        return ("name", "scopes", "days") if obj is None else made

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return () if obj is None else self.get_fields(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: ApiToken, form: Any, change: bool) -> None:
        if change:
            return
        try:
            token, text = issue(obj.name, form.cleaned_data["scopes"], form.cleaned_data["days"], request.user)
        except Refusal as refusal:
            raise ValidationError(refusal.problems[0].detail) from None
        obj.pk = token.pk
        words = format_html('{} <code class="once">{}</code>', _("Copy the token now; it is never shown again:"), text)
        self.message_user(request, words, messages.WARNING)

    @admin.display(description=_("begins with"), ordering="prefix")
    def begins_with(self, obj: ApiToken) -> str:
        return f"itn_{obj.prefix}_…"

    @admin.display(description=_("scopes"))
    def allowed(self, obj: ApiToken) -> str:
        return ", ".join(str(Scope(scope).label) for scope in obj.scopes)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).annotate(expired=Q(expires_at__lte=Now()))

    @admin.display(description=_("state"))
    def state(self, obj: Any) -> Any:
        if obj.revoked_at:
            return _("revoked")
        return _("expired") if obj.expired else _("valid")

    @admin.action(description=_("Revoke selected tokens"), permissions=["change"])
    def revoke_tokens(self, request: HttpRequest, queryset: QuerySet[ApiToken]) -> None:
        for token in queryset:
            revoke(token, request.user)
        self.message_user(request, _("The selected tokens are revoked."), messages.SUCCESS)
