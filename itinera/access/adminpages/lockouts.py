"""Failed and successful log-ins. Deleting a failed attempt opens the account again."""

from __future__ import annotations

from typing import Any

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from itinera.access.modeladmin import AuditedAdmin, ReadOnlyAdmin

admin.site.unregister([AccessAttempt, AccessFailureLog, AccessLog])


@admin.register(AccessAttempt)
class LockOutAdmin(AuditedAdmin, ReadOnlyAdmin):
    """Rows can be deleted, which is how a person is let in before the time is over."""

    explanation = _("Failed log-ins. Delete a row to open the account again at once.")
    actions = ("delete_selected",)
    list_display = ("username", "ip_address", "failures_since_start", "locked", "attempt_time")
    search_fields = ("username", "ip_address")
    fields = ("username", "ip_address", "user_agent", "failures_since_start", "attempt_time")

    @admin.display(description=_("locked"), boolean=True)
    def locked(self, obj: Any) -> bool:
        return bool(obj.failures_since_start >= settings.AXES_FAILURE_LIMIT)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("axes.delete_accessattempt")

    def audit_name(self, obj: Any) -> str:
        return f"lockout:{obj.username}"


@admin.register(AccessLog)
class LogInAdmin(ReadOnlyAdmin):
    explanation = _("Who logged in, when and from where.")
    list_display = ("attempt_time", "username", "ip_address", "logout_time")
    search_fields = ("username", "ip_address")
    list_filter = ("attempt_time",)
    fields = ("attempt_time", "logout_time", "username", "ip_address", "user_agent")
