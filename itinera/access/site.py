"""The admins' workplace: Django's admin under our own log-in, grouped by what people come for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Group:
    """A heading of the index and the apps whose pages stand under it."""

    title: str | Promise
    purpose: str | Promise
    apps: tuple[str, ...]
    first: tuple[str, ...] = ()
    """Kinds of rows in the order in which people need them; others follow by name."""

    def place_of(self, model: dict[str, Any]) -> int:
        """Where a page stands under its heading. Sorting is stable: the rest keep their order."""
        name = model["object_name"]
        return self.first.index(name) if name in self.first else len(self.first)


GROUPS: Sequence[Group] = (
    Group(
        _("Journeys"),
        _("What is drawn, who is inside, what went wrong."),
        ("journeys",),
        ("Journey", "Version", "Chunk", "ScheduleRun", "WalkError"),
    ),
    Group(
        _("Audiences"),
        _("Who the customers are and what came in about them."),
        ("audiences",),
        ("Profile", "Event", "ConsentChange", "EventType", "AttributeType", "RejectedRow", "MergeRequest", "Workspace"),
    ),
    Group(
        _("Channels"),
        _("Accounts, words, caps and quiet hours; what was sent."),
        ("channels_out",),
        ("Account", "Template", "Cap", "QuietHours", "Message", "Attempt"),
    ),
    Group(_("Experiments"), _("Layers, experiments and their variants."), ("abtest",)),
    Group(
        _("Running"),
        _("What beat starts and how often; who changed what."),
        ("django_celery_beat", "kit"),
        ("PeriodicTask", "IntervalSchedule", "CrontabSchedule", "AuditEntry"),
    ),
    Group(
        _("Rights"),
        _("People, roles, API tokens, lock-outs."),
        ("auth", "access", "axes"),
        ("User", "Group", "ApiToken", "AccessAttempt", "AccessLog"),
    ),
)


class Workplace(AdminSite):
    """`admin.site` of the whole project."""

    site_title = "Itinera"
    site_header = _("Administration")
    index_title = _("Administration")
    site_url = "/"
    index_template = "admin/workplace.html"
    enable_nav_sidebar = True

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """One log-in page for the whole site; who is known but is no admin hears so instead of being asked again."""
        if request.user.is_authenticated:
            if self.has_permission(request):
                return redirect("admin:index")
            raise PermissionDenied("is_staff")
        return redirect_to_login(request.GET.get("next") or request.get_full_path())

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return redirect("password_change")

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """The groups, each as the `app` that Django's templates expect; an app's own page stays as it is."""
        apps = super().get_app_list(request, app_label)
        if app_label is not None:
            return apps
        for model in (model for app in apps for model in app["models"]):
            model["explanation"] = getattr(self._registry[model["model"]], "explanation", "")
        by_label = {app["app_label"]: app for app in apps}
        listed = [self._group(group, by_label) for group in GROUPS]
        return [group for group in listed if group["models"]]

    def _group(self, group: Group, by_label: dict[str, Any]) -> dict[str, Any]:
        found = [by_label[label] for label in group.apps if label in by_label]
        return {
            "name": group.title,
            "purpose": group.purpose,
            "app_label": group.apps[0],
            "app_url": found[0]["app_url"] if found else "",
            "has_module_perms": bool(found),
            "models": sorted((model for app in found for model in app["models"]), key=group.place_of),
        }
