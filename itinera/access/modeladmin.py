"""What the admin pages of every app are made of: audited changes, masked people, read-only state, secrets.

`class CapAdmin(AuditedAdmin)`, `class MessageAdmin(MaskedMixin, ReadOnlyAdmin)`. Each admin class may say
`explanation`, one sentence for the index.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import admin
from django.contrib.admin.utils import label_for_field
from django.core.paginator import Paginator
from django.db.models import Model
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise, cached_property

from itinera.access.snapshots import change, snapshot
from itinera.kit import audit

if TYPE_CHECKING:
    _Base = admin.ModelAdmin[Any]
else:
    # Generic for the type checker only.
    _Base = admin.ModelAdmin

CLEAR = "audiences.view_pii"
"""The right to see phone numbers and e-mail addresses; declared by the app that owns people."""


class Explained(_Base):
    """The root of all: says what it is for."""

    explanation: ClassVar[str | Promise] = ""
    show_full_result_count = False
    """The exact number of all rows costs a scan of the table at every look."""


class AtLeast(int):
    """A number that is known to be reached, and says so: `10000+`."""

    def __str__(self) -> str:
        return f"{int(self)}+"


class ShortPaginator(Paginator):  # type: ignore[type-arg]  # generic for the checker only
    """Counts to `MOST` and no further: counting millions of messages would take longer than reading a page."""

    MOST = 10_000

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        found: int = rows[: self.MOST + 1].count()
        return found if found <= self.MOST else AtLeast(self.MOST)


class ReadOnlyAdmin(Explained):
    """State that only the engine writes: can be searched and read, by those who hold the view permission."""

    actions: Any = None
    list_per_page = 50
    paginator = ShortPaginator

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class AuditedAdmin(Explained):
    """Every change by a person leaves an audit row with what was before and after, in the same transaction.

    Fields in `secret_fields` are told as changed without their values. An action that changes rows by
    itself calls `self.audited(request, verb, obj, before)`.
    """

    secret_fields: Sequence[str] = ()

    def audit_name(self, obj: Model) -> str:
        """How the trail names an object: by its slug where it has one."""
        return f"{self.opts.model_name}:{getattr(obj, 'slug', None) or obj.pk}"

    def audited(self, request: HttpRequest, verb: str, obj: Model, before: Mapping[str, Any] | None) -> None:
        """Record what an object has become since `before`; nothing if it did not change."""
        fresh = self.model.objects.filter(pk=obj.pk).first()
        after = snapshot(fresh) if fresh is not None else None
        told = change(before, after, {*self.secret_fields, *getattr(self, "masked", {})})
        if told is not None:
            audit.record(request.user, f"{self.opts.model_name}.{verb}", self.audit_name(obj), *told)

    def save_model(self, request: HttpRequest, obj: Model, form: ModelForm[Any], change: bool) -> None:
        before = self.model.objects.filter(pk=obj.pk).first() if change else None
        _pending(request)[id(obj)] = snapshot(before) if before is not None else None
        super().save_model(request, obj, form, change)

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        _pending(request).pop(id(obj), None)
        self.audited(request, "add", obj, None)
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        self.audited(request, "change", obj, _pending(request).pop(id(obj), None))
        return super().log_change(request, obj, message)

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        """Called by Django just before it deletes, in the same transaction."""
        for obj in queryset:
            told = change(snapshot(obj), None, {*self.secret_fields, *getattr(self, "masked", {})})
            audit.record(request.user, f"{self.opts.model_name}.delete", self.audit_name(obj), *(told or (None, None)))
        return super().log_deletions(request, queryset)


def _pending(request: HttpRequest) -> dict[int, Mapping[str, Any] | None]:
    """What objects were before this request changed them: many-to-many fields are saved later than the rest."""
    pending: dict[int, Mapping[str, Any] | None] = request.__dict__.setdefault("before_change", {})
    return pending


class MaskedMixin(_Base):
    """Shows the fields in `masked` unreadable to those without the right; looks by the others are audited.

    `masked = {"address": lambda obj: mask_phone(obj.address)}`. Searching in them then needs the whole
    value, or digits could be guessed one at a time; they cannot be sorted by or edited.
    """

    masked: ClassVar[Mapping[str, Callable[[Any], str]]] = {}

    def sees_clear(self, request: HttpRequest) -> bool:
        return request.user.has_perm(CLEAR)

    def get_list_display(self, request: HttpRequest) -> Any:
        return self._covered(request, super().get_list_display(request))

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        found = super().get_readonly_fields(request, obj)
        hidden = [name for name in self.masked if name not in found and not self.sees_clear(request)]
        return self._covered(request, [*found, *hidden])

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        return self._covered(request, super().get_fields(request, obj))

    def get_fieldsets(self, request: HttpRequest, obj: Model | None = None) -> Any:
        return [
            (title, {**options, "fields": self._covered(request, options["fields"])})
            for title, options in super().get_fieldsets(request, obj)
        ]

    def get_search_fields(self, request: HttpRequest) -> Any:
        found = super().get_search_fields(request)
        if self.sees_clear(request):
            return found
        return [f"={name.lstrip('=^@')}" if name.lstrip("=^@") in self.masked else name for name in found]

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Addresses such as `?email__startswith=a` would guess like a search."""
        field, _sep, how = lookup.partition("__")
        guesses = field in self.masked and how not in {"", "exact", "isnull"}
        return not (guesses and not self.sees_clear(request)) and super().lookup_allowed(lookup, value, request)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        answer = super().changelist_view(request, extra_context)
        listing = getattr(answer, "context_data", None) or {}
        if "cl" in listing:
            self._looked(request, [row.pk for row in listing["cl"].result_list])
        return answer

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> Any:
        answer = super().changeform_view(request, object_id, form_url, extra_context)
        if object_id and request.method == "GET" and answer.status_code == 200:
            self._looked(request, [object_id])
        return answer

    def _looked(self, request: HttpRequest, keys: Sequence[Any]) -> None:
        if self.masked and keys and self.sees_clear(request):
            told = {"fields": list(self.masked), "ids": [str(key) for key in keys]}
            audit.record(request.user, "pii.view", str(self.opts.model_name), after=told)

    def _covered(self, request: HttpRequest, names: Iterable[Any]) -> list[Any]:
        if self.sees_clear(request):
            return list(names)
        # Fields that share a line of the form stand in a tuple of their own.
        return [
            self._covered(request, name)
            if isinstance(name, list | tuple)
            else self._cover(name)
            if name in self.masked
            else name
            for name in names
        ]

    def _cover(self, name: str) -> Callable[[Any], str]:
        # One function per field for good: Django compares columns by identity.
        covers: dict[str, Callable[[Any], str]] = self.__dict__.setdefault("_covers", {})
        if name not in covers:
            mask = self.masked[name]

            def shown(obj: Any) -> str:
                return mask(obj) if getattr(obj, name) else ""

            shown.short_description = label_for_field(name, self.model, self)  # type: ignore[attr-defined]
            shown.__name__ = f"masked_{name}"
            covers[name] = shown
        return covers[name]
