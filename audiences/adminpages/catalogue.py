"""The catalogue and the workspace: what people may change here, audited."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from pydantic import TypeAdapter, ValidationError

from audiences import filling, slots
from audiences.models import AttributeType, EventType, PeopleKind, Workspace
from audiences.workspace_sections import PropertyEntry
from itinera.access.modeladmin import AuditedAdmin
from itinera.kit import clock
from itinera.kit.errors import Refusal
from itinera.kit.validation import problems_of
from itinera.kit.zones import is_zone

_PROPERTIES = TypeAdapter(list[PropertyEntry])


class CatalogueAdmin(AuditedAdmin):
    """Names are for good: data and rules carry them."""

    search_fields = ("name", "label")
    ordering = ("name",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("name",) if obj is not None else ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(AttributeType)
class AttributeTypeAdmin(CatalogueAdmin):
    explanation = _("Facts about customers and their types. Declared types are enforced when data come in.")
    list_display = ("name", "label", "type", "declared")
    list_filter = ("type", "declared")
    fields = ("name", "label", "type", "declared")


class EventTypeForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for the checker only
    """Besides the row itself: which properties have columns of their own."""

    n1 = forms.CharField(label=_("number column 1"), required=False)
    n2 = forms.CharField(label=_("number column 2"), required=False)
    t1 = forms.CharField(label=_("text column 1"), required=False)
    t2 = forms.CharField(
        label=_("text column 2"), required=False,
        help_text=_("Conditions on a property that has a column are answered much faster; the first columns fastest."),
    )  # fmt: skip

    class Meta:
        model = EventType
        fields = ("name", "label", "properties", "declared")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial |= slots.columns(self.instance.slots, slots.FILLING, slots.READY)

    def clean(self) -> dict[str, Any]:
        if "properties" in self.cleaned_data:
            try:
                self.slots_of(self.instance, clock.now())
            except Refusal as refusal:
                for problem in refusal.problems:
                    self.add_error(problem.path, problem.detail)
        return self.cleaned_data

    def slots_of(self, row: EventType, now: datetime) -> dict[str, dict[str, str]]:
        """What becomes of a row's slots by this form. Refusal as `slots.chosen` has it."""
        properties = self.cleaned_data["properties"]
        found = slots.settled(row.slots, row.properties, properties, now)
        asked = {column: self.cleaned_data[column] for column in slots.COLUMNS if column in self.changed_data}
        wanted = slots.columns(found, slots.FILLING, slots.READY) | asked
        return slots.chosen(found, {column: name for column, name in wanted.items() if name}, properties, now)

    def clean_properties(self) -> Any:
        """A list of names with types; those only seen in data carry `"declared": false`."""
        found = self.cleaned_data["properties"]
        plain = [
            {key: value for key, value in each.items() if key != "declared"} if isinstance(each, dict) else each
            for each in found
        ]
        try:
            _PROPERTIES.validate_python(plain)
        except ValidationError as error:
            raise forms.ValidationError([f"{each.path}: {each.detail}" for each in problems_of(error)]) from error
        return found


@admin.register(EventType)
class EventTypeAdmin(CatalogueAdmin):
    explanation = _("Kinds of events and their properties. Declared types are enforced when data come in.")
    list_display = ("name", "label", "declared")
    list_filter = ("declared",)
    form = EventTypeForm

    def save_model(self, request: HttpRequest, obj: EventType, form: Any, change: bool) -> None:
        now = clock.now()
        filling.hold_slots()
        stored = EventType.objects.select_for_update(no_key=True).filter(pk=obj.pk).first()
        obj.slots = form.slots_of(stored or EventType(), now)
        super().save_model(request, obj, form, change)
        filling.settle_filling(obj, request.user, now)


class WorkspaceForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for the checker only
    holdout_kinds = forms.MultipleChoiceField(
        label=_("kinds of people in the holdout"), choices=PeopleKind.choices, required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    class Meta:
        model = Workspace
        fields = ("zone", "holdout_percent", "holdout_kinds", "holdout_salt")

    def clean_zone(self) -> str:
        zone: str = self.cleaned_data["zone"]
        if not is_zone(zone):
            raise forms.ValidationError(_("This is no time zone such as Asia/Shanghai."))
        return zone


@admin.register(Workspace)
class WorkspaceAdmin(AuditedAdmin):
    explanation = _("The brand's time zone, and the share of people kept out of everything.")
    list_display = ("zone", "holdout_percent")
    form = WorkspaceForm

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
