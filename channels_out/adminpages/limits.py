"""What limits sending: caps and quiet hours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from pydantic import ValidationError

from channels_out.documents import CapDocument, Document, QuietHoursDocument
from channels_out.models import Cap, QuietHours
from channels_out.models.channel import Category, Channel
from channels_out.windows import Period
from itinera.access.modeladmin import AuditedAdmin
from itinera.kit.validation import problems_of

_ANY = [("", _("any"))]
_PERIODS = {"day": _("day"), "week": _("week"), "month": _("month"), "quarter": _("quarter"), "year": _("year")}


class CapForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for the checker only
    """A window is a duration that rolls, or a calendar period."""

    rolling = forms.CharField(
        label=_("rolling window"), required=False, help_text=_("P7D: seven days, PT12H: twelve hours, P1M: a month.")
    )
    calendar = forms.ChoiceField(
        label=_("or calendar period"),
        required=False,
        choices=[("", "—"), *((period, _PERIODS[period]) for period in get_args(Period))],
    )
    channel = forms.ChoiceField(label=_("channel"), required=False, choices=[*_ANY, *Channel.choices])

    class Meta:
        model = Cap
        fields = ("name", "limit", "channel", "category", "journey", "kind")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        window = self.instance.window
        self.initial.setdefault("calendar" if isinstance(window, dict) else "rolling", _text(window))

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if bool(values.get("rolling")) == bool(values.get("calendar")):
            self.add_error("rolling", _("Say either a rolling window or a calendar period."))
            return values
        window = {"calendar": values["calendar"]} if values.get("calendar") else values["rolling"]
        for name in ("channel", "category", "journey", "kind"):
            values[name] = values.get(name) or None
        document = {name: values.get(name) for name in ("name", "limit", "channel", "category", "journey", "kind")}
        _check(self, CapDocument, {**document, "window": window}, {"window": "rolling"})
        self.instance.window = window
        return values


@admin.register(Cap)
class CapAdmin(AuditedAdmin):
    explanation = _("At most so many messages to one person in a time. All caps that cover a message must have room.")
    list_display = ("name", "limit", "shown_window", "channel", "category", "journey", "kind")
    search_fields = ("name",)
    ordering = ("name",)
    form = CapForm
    fields = ("name", "limit", "rolling", "calendar", "channel", "category", "journey", "kind")

    @admin.display(description=_("window"))
    def shown_window(self, cap: Cap) -> str:
        return str(_PERIODS[cap.window["calendar"]]) if isinstance(cap.window, dict) else str(cap.window)


class QuietHoursForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for the checker only
    """Whole days are written one span a line."""

    category = forms.CharField(label=_("category"), initial=Category.MARKETING)
    channel = forms.ChoiceField(label=_("channel"), required=False, choices=[*_ANY, *Channel.choices])
    days = forms.CharField(
        label=_("whole days"),
        required=False,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("One span a line, both days included: 2026-10-01 2026-10-07"),
    )

    class Meta:
        model = QuietHours
        fields = ("category", "channel", "from_time", "to_time")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("days", "\n".join(" ".join(span) for span in self.instance.dates or []))

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        spans = [line.split() for line in (values.get("days") or "").splitlines() if line.strip()]
        spans = [span * 2 if len(span) == 1 else span for span in spans]
        values["channel"] = values.get("channel") or None
        document = {
            "category": values.get("category"),
            "channel": values["channel"],
            "from": values.get("from_time"),
            "to": values.get("to_time"),
            "dates": spans,
        }
        _check(self, QuietHoursDocument, document, {"from": "from_time", "to": "to_time", "dates": "days"})
        self.instance.dates = spans
        return values


@admin.register(QuietHours)
class QuietHoursAdmin(AuditedAdmin):
    explanation = _("When nothing of a category goes out, on the clock of each person's own zone.")
    list_display = ("category", "channel", "from_time", "to_time", "dates")
    list_filter = ("category", "channel")
    ordering = ("category", "channel", "from_time")
    form = QuietHoursForm
    fields = ("category", "channel", "from_time", "to_time", "days")


def _text(window: object) -> str:
    return str(window.get("calendar", "")) if isinstance(window, dict) else str(window or "")


def _check(form: forms.BaseForm, model: type[Document], values: Mapping[str, Any], names: Mapping[str, str]) -> None:
    """The document's own check, with its words at the field concerned."""
    try:
        model.model_validate(values)
    except ValidationError as bad:
        for problem in problems_of(bad):
            place = (problem.path or "").partition("[")[0].partition(".")[0]
            name = names.get(place, place)
            form.add_error(name if name in form.fields else None, problem.detail)
