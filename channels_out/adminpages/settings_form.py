"""The form of an account's settings, made from what its provider says that it needs."""

from __future__ import annotations

from collections.abc import Mapping
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

from django import forms
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from channels_out.actions import check_settings
from channels_out.models import Account
from channels_out.providers.base import providers, secret_fields
from itinera.access.secretfield import SecretField
from itinera.kit.errors import Refusal
from itinera.kit.secrets import Unreadable, decrypt_json, encrypt_json

CONFIG, SECRET = "config_", "secret_"


class NewAccountForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for the checker only
    """First which provider; its settings are asked for on the next page."""

    provider = forms.ChoiceField(label=_("provider"))

    class Meta:
        model = Account
        fields = ("name", "slug", "provider")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(slug, f"{each.label} ({each.channel})") for slug, each in providers.items()]
        self.fields["provider"].choices = choices  # type: ignore[attr-defined]

    def save(self, commit: bool = True) -> Any:
        """Not enabled yet: it has no settings."""
        self.instance.channel = providers[self.cleaned_data["provider"]].channel
        self.instance.enabled = False
        return super().save(commit)


class AccountForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for the checker only
    """Settings by the provider's own names; secrets go in and never come out."""

    class Meta:
        model = Account
        fields = ("name", "enabled", "is_default", "rate_per_second", "concurrency")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        model = self._model()
        kept = _secrets(self.instance)
        for name, field in settings_fields(self.instance.provider).items():
            self.fields[name] = field
        for name in model.model_fields if model else ():
            if CONFIG + name in self.fields and name in self.instance.config:
                self.initial[CONFIG + name] = self.instance.config[name]
            if SECRET + name in self.fields:
                self.fields[SECRET + name] = SecretField(
                    is_set=name in kept, label=self.fields[SECRET + name].label, required=False
                )

    def clean(self) -> dict[str, Any]:
        """The provider's own check, with its words at the field concerned."""
        values = super().clean() or self.cleaned_data
        model = self._model()
        if model is None or self.errors:
            return values
        config = {name: values.get(CONFIG + name) for name in model.model_fields if CONFIG + name in self.fields}
        self.config = {name: value for name, value in config.items() if value not in (None, "")}
        given = {name: values.get(SECRET + name) for name in secret_fields(model)}
        self.secrets = {**_secrets(self.instance), **{name: value for name, value in given.items() if value}}
        try:
            check_settings(self.instance.channel, self.instance.provider, self.config, self.secrets)
        except Refusal as refusal:
            for problem in refusal.problems:
                name = (problem.path or "").partition(".")[2].partition(".")[0].partition("[")[0]
                self.add_error(CONFIG + name if CONFIG + name in self.fields else None, problem.detail)
        return values

    def save(self, commit: bool = True) -> Any:
        self.instance.config = self.config
        if self.secrets != _secrets(self.instance):
            self.instance.secrets = encrypt_json(self.secrets) if self.secrets else b""
        # What kept the account from sending may just have been put right.
        self.instance.blocked_until, self.instance.blocked_code = None, ""
        if self.instance.is_default:
            Account.objects.filter(channel=self.instance.channel).exclude(pk=self.instance.pk).update(is_default=False)
        return super().save(commit)

    def _model(self) -> type[BaseModel] | None:
        known = providers.get(self.instance.provider)
        return known.Config if known else None


def settings_fields(provider: str) -> dict[str, forms.Field]:
    """One form field for each of a provider's settings, under prefixed names."""
    known = providers.get(provider)
    if known is None:
        return {}
    hidden = secret_fields(known.Config)
    fields: dict[str, forms.Field] = {}
    for name, info in known.Config.model_fields.items():
        if name in hidden:
            fields[SECRET + name] = SecretField(label=_(info.title or name), required=False)
        else:
            fields[CONFIG + name] = _field(name, info)
    return fields


def _field(name: str, info: FieldInfo) -> forms.Field:
    options: dict[str, Any] = {"label": _(info.title or name), "required": info.is_required()}
    origin = get_origin(info.annotation)
    kinds = [info.annotation]
    if origin in (Union, UnionType):
        kinds = [kind for kind in get_args(info.annotation) if kind is not type(None)]
    if origin is Literal:
        return forms.ChoiceField(choices=[(each, each) for each in get_args(info.annotation)], **options)
    default = None if info.is_required() else info.get_default()
    if kinds == [int]:
        return forms.IntegerField(**options, initial=default)
    if kinds == [float]:
        return forms.FloatField(**options, initial=default)
    if kinds == [str]:
        return forms.CharField(**options, initial=default or "", widget=forms.TextInput({"class": "vTextField"}))
    text = default.model_dump(mode="json") if isinstance(default, BaseModel) else default
    text = sorted(text) if isinstance(text, frozenset) else text
    return forms.JSONField(**{**options, "required": False}, initial=text, widget=forms.Textarea({"rows": 4}))


def _secrets(account: Account) -> Mapping[str, Any]:
    try:
        return decrypt_json(account.secrets) if account.secrets else {}
    except Unreadable:
        return {}
