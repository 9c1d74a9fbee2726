"""Templates: content that message nodes name."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from channels_out.content import CONTENT
from channels_out.lookups import check_lookups
from channels_out.models import Template
from channels_out.models.channel import Channel
from channels_out.render import compile_content
from itinera.access.modeladmin import AuditedAdmin
from itinera.kit.errors import Refusal

_PARTS = ("subject", "text", "html")


class TemplateForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for the checker only
    """One box for each part; what a channel does not have must stay empty."""

    subject = forms.CharField(label=_("subject"), required=False, widget=forms.TextInput({"class": "vTextField"}))
    text = forms.CharField(
        label=_("text"),
        required=False,
        strip=False,
        widget=forms.Textarea({"rows": 6}),
        help_text=_(
            "Variables: {{ profile.NAME }}, {{ entry.NAME }}; with a default: {{ profile.name | default('…') }}; "
            "from a look-up table: {{ lookup.TABLE[entry.NAME].COLUMN }}."
        ),
    )
    html = forms.CharField(label=_("HTML"), required=False, strip=False, widget=forms.Textarea({"rows": 14}))

    class Meta:
        model = Template
        fields = ("name", "slug", "channel")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["channel"].choices = Channel.choices  # type: ignore[attr-defined]
        for part in _PARTS:
            self.initial.setdefault(part, (self.instance.content or {}).get(part, ""))

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        content = {part: values[part] for part in _PARTS if values.get(part)}
        try:
            check_lookups(compile_content(values.get("channel", ""), content))
        except Refusal as refusal:
            for problem in refusal.problems:
                self.add_error(problem.path if problem.path in self.fields else None, problem.detail)
        self.instance.content = content
        return values


@admin.register(Template)
class TemplateAdmin(AuditedAdmin):
    explanation = _("Texts with variables. A template that cannot be rendered is refused with the place.")
    list_display = ("name", "slug", "channel", "begins")
    list_filter = ("channel",)
    search_fields = ("name", "slug")
    ordering = ("channel", "slug")
    form = TemplateForm
    fields = ("name", "slug", "channel", *_PARTS)

    @admin.display(description=_("begins"))
    def begins(self, template: Template) -> str:
        first = next(
            (template.content[part] for part in CONTENT[template.channel].model_fields if part in template.content), ""
        )
        return f"{first[:60]}…" if len(first) > 60 else str(first)
