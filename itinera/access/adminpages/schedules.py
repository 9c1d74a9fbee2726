"""What beat starts and how often. Beat reads the tables every second, so a change acts at once."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django_celery_beat.admin import PeriodicTaskForm
from django_celery_beat.models import (
    ClockedSchedule,
    CrontabSchedule,
    IntervalSchedule,
    PeriodicTask,
    PeriodicTasks,
    SolarSchedule,
)

from itinera.access.adminpages import timing
from itinera.access.modeladmin import AuditedAdmin
from itinera.access.snapshots import snapshot

# Journeys say their own times; these two kinds are used by nothing here.
admin.site.unregister([PeriodicTask, IntervalSchedule, CrontabSchedule, ClockedSchedule, SolarSchedule])


class ScheduleForm(PeriodicTaskForm):  # type: ignore[misc]  # the library has no types
    """The library's form without its second box for the task's name: only registered tasks can be started."""

    task = None
    regtask = PeriodicTaskForm.base_fields["regtask"]

    class Meta:
        model = PeriodicTask
        fields = ("name", "regtask", "enabled", "interval", "crontab", "description")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["regtask"].label = _("task")
        self.fields["regtask"].required = True
        self.fields["regtask"].initial = self.instance.task

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = forms.ModelForm.clean(self) or self.cleaned_data
        if bool(data.get("interval")) == bool(data.get("crontab")):
            raise forms.ValidationError(_("Give either an interval or a time of day."))
        self.instance.task = data.get("regtask") or self.instance.task
        return data


@admin.register(PeriodicTask)
class PeriodicTaskAdmin(AuditedAdmin):
    explanation = _("What beat starts: the waves, the sending, the housekeeping. Stop or slow it here.")
    form = ScheduleForm
    list_display = ("called", "enabled", "how_often", "last_run_at", "runs")
    list_filter = ("enabled",)
    search_fields = ("name", "task")
    list_select_related = ("interval", "crontab", "clocked")
    actions = ("start_tasks", "stop_tasks")
    fields = ("name", "regtask", "enabled", "interval", "crontab", "description", "last_run_at")
    readonly_fields = ("last_run_at",)

    @admin.display(description=_("name"), ordering="name")
    def called(self, obj: Any) -> str:
        return timing.called(obj)

    @admin.display(description=_("how often"))
    def how_often(self, obj: Any) -> str:
        return timing.how_often(obj)

    @admin.display(description=_("task"), ordering="task")
    def runs(self, obj: Any) -> str:
        return str(obj.task)

    @admin.action(description=_("Start selected"), permissions=["change"])
    def start_tasks(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        self._switch(request, queryset, True)

    @admin.action(description=_("Stop selected"), permissions=["change"])
    def stop_tasks(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        self._switch(request, queryset, False)

    def _switch(self, request: HttpRequest, queryset: QuerySet[Any], enabled: bool) -> None:
        for task in queryset.exclude(enabled=enabled):
            before = snapshot(task)
            task.enabled = enabled
            task.save()
            self.audited(request, "change", task, before)
        PeriodicTasks.update_changed()
        self.message_user(request, _("Done. Beat follows within a second."), messages.SUCCESS)

    def audit_name(self, obj: Any) -> str:
        return f"schedule:{obj.name}"


class _TimingAdmin(AuditedAdmin):
    """A row that several schedules may share."""

    actions = None
    used_as = ""
    """The field of a schedule that names such a row."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Deleting a timing would delete, by cascade, every schedule that uses it."""
        used = obj is not None and PeriodicTask.objects.filter(**{self.used_as: obj}).exists()
        return not used and super().has_delete_permission(request, obj)


@admin.register(IntervalSchedule)
class IntervalAdmin(_TimingAdmin):
    explanation = _("Every so many seconds, minutes or hours.")
    list_display = ("__str__", "every", "period")
    used_as = "interval"


@admin.register(CrontabSchedule)
class CrontabAdmin(_TimingAdmin):
    explanation = _("At a time of day, on days of the week or month.")
    list_display = ("__str__", "human_readable", "timezone")
    used_as = "crontab"
    fields = ("minute", "hour", "day_of_week", "day_of_month", "month_of_year", "timezone")
