"""People and roles."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, Permission, User
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from itinera.access.modeladmin import AuditedAdmin, ReadOnlyAdmin
from itinera.access.roles import ROLES
from itinera.kit import audit

admin.site.unregister([User, Group])

VERBS = {"view": _("see"), "add": _("add"), "change": _("change"), "delete": _("delete")}


class RoleFilter(admin.SimpleListFilter):
    title = _("role")
    parameter_name = "role"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(name, role.label) for name, role in ROLES.items()]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(groups__name=self.value()) if self.value() else queryset


class RoleField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # generic for the checker only
    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Any) -> str:
        role = ROLES.get(obj.name)
        return f"{role.label} — {role.purpose}" if role else str(obj.name)


@admin.register(User)
class PersonAdmin(AuditedAdmin, UserAdmin):  # type: ignore[type-arg]  # generic for the checker only
    """Rights come from roles only. Only a superuser can make one, or touch the account of one."""

    explanation = _("Accounts of staff: who may log in, and in which role.")
    list_display = ("username", "full_name", "roles", "is_staff", "is_active", "last_login")
    list_filter = (RoleFilter, "is_active", "is_staff")
    filter_horizontal = ()
    actions = None
    fieldsets = (
        (None, {"fields": ("username", "password_link")}),
        (_("Name and address"), {"fields": ("last_name", "first_name", "email")}),
        (_("Rights"), {"fields": ("is_active", "groups", "is_staff", "is_superuser")}),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = ((None, {"fields": ("username", "password1", "password2")}),)
    readonly_fields = ("password_link", "last_login", "date_joined")

    @admin.display(description=_("password"))
    def password_link(self, obj: User) -> SafeString:
        return format_html('<a href="../password/">{}</a>', _("Give a new password"))

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Roles as boxes with what each is for; a two-column picker is for hundreds."""
        if db_field.name == "groups":
            return RoleField(queryset=Group.objects.order_by("pk"), required=False, label=_("roles"))
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    @admin.display(description=_("full name"), ordering="last_name")
    def full_name(self, obj: User) -> str:
        return obj.get_full_name()

    @admin.display(description=_("roles"))
    def roles(self, obj: User) -> str:
        named = [str(ROLES[group.name].label) if group.name in ROLES else group.name for group in obj.groups.all()]
        return ", ".join([str(_("superuser"))] * obj.is_superuser + named)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("groups")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        found = tuple(super().get_readonly_fields(request, obj))
        return found if request.user.is_superuser else (*found, "is_superuser")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        above = obj is not None and obj.is_superuser and not request.user.is_superuser
        return not above and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """An account that has acted is closed (not active), never deleted: its traces would lose their name."""
        return False

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> Any:  # noqa: A002  # Django's name
        answer = super().user_change_password(request, id, form_url)
        if request.method == "POST" and answer.status_code == 302:
            name = User.objects.get(pk=id).get_username()
            audit.record(request.user, "user.password", f"user:{name}")
        return answer

    def audit_name(self, obj: Any) -> str:
        return f"user:{obj.get_username()}"


@admin.register(Group)
class RoleAdmin(ReadOnlyAdmin, GroupAdmin):
    """What a role may do is part of the program; who holds it is decided at the people."""

    explanation = _("What each role may do. Given to people at their accounts.")
    list_display = ("label", "purpose", "name")
    search_fields = ("name",)
    fields = ("name", "purpose", "rights")
    readonly_fields = ("label", "purpose", "rights")

    @admin.display(description=_("role"), ordering="name")
    def label(self, obj: Group) -> str:
        return str(ROLES[obj.name].label) if obj.name in ROLES else obj.name

    @admin.display(description=_("what for"))
    def purpose(self, obj: Group) -> str:
        return str(ROLES[obj.name].purpose) if obj.name in ROLES else ""

    @admin.display(description=_("permissions"))
    def rights(self, obj: Group) -> str:
        """A line for each kind of row: what may be done with it."""
        lines: dict[str, list[str]] = {}
        for right in obj.permissions.select_related("content_type"):
            kind = right.content_type.model_class()
            name = capfirst(kind._meta.verbose_name) if kind else right.content_type.model  # noqa: SLF001  # public
            lines.setdefault(str(name), []).append(_label(right))
        return "\n".join(f"{kind}: {', '.join(rights)}" for kind, rights in lines.items())


def _label(right: Permission) -> str:
    verb, _sep, rest = right.codename.partition("_")
    model = right.content_type.model
    # Django's own four are stored as English sentences; those of the apps are translated by their owners.
    return str(VERBS[verb]) if rest == model and verb in VERBS else gettext(right.name)
