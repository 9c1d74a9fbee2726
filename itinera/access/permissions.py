"""Who may do what. Every API view and every page names its permission, or nobody gets in.

People (sessions) hold Django permissions, given by their roles; API tokens hold scopes. A view names
both: `permission_classes = [requires("journeys.view_journey", "read")]`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, wraps
from typing import TYPE_CHECKING, Any, ClassVar, Concatenate, ParamSpec

from django.contrib.auth.mixins import AccessMixin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from itinera.access.principal import SCOPES, TokenPrincipal

if TYPE_CHECKING:
    # DRF's views import this module by its settings.
    from rest_framework.views import APIView

P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class Grant:
    """What one call needs: this permission of a person, or this scope of a token."""

    permission: str
    scope: str

    def __post_init__(self) -> None:
        if "." not in self.permission:
            raise ImproperlyConfigured(f"{self.permission!r} is not a permission (app_label.codename)")
        if self.scope not in SCOPES:
            raise ImproperlyConfigured(f"{self.scope!r} is not a scope: {', '.join(SCOPES)}")

    def holds(self, who: Any) -> bool:
        """Whether a principal (person, token or nobody) has what this asks."""
        if isinstance(who, TokenPrincipal):
            return self.scope in who.scopes
        return bool(who is not None and who.is_active and who.has_perm(self.permission))


class DenyByDefault(BasePermission):
    """The default of the API: a view that names no permission lets nobody in."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return False


class Requires(BasePermission):
    """What `requires` and `requires_each` make; tests read `grants` to compare with the table."""

    grants: ClassVar[Mapping[str, Grant]] = {}
    """By HTTP method, `*` for all that are not listed. A method that finds nothing is refused."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        method = "GET" if request.method in {"HEAD", "OPTIONS"} else str(request.method)
        grant = self.grants.get(method) or self.grants.get("*")
        return grant is not None and grant.holds(request.user)


@cache
def requires(permission: str, scope: str) -> type[Requires]:
    """The permission class of a view whose methods all need the same."""
    grants = {"*": Grant(permission, scope)}
    return type("Requires", (Requires,), {"grants": grants})


def requires_each(**by_method: tuple[str, str]) -> type[Requires]:
    """The permission class of a view by method: `requires_each(GET=(perm, scope), POST=(perm, scope))`."""
    grants = {method: Grant(*needed) for method, needed in by_method.items()}
    return type("Requires", (Requires,), {"grants": grants})


class PermissionPage(AccessMixin):
    """Mixin, leftmost, of every class-based page. The class must say `permission = "app.codename"`.

    Somebody unknown is led to the log-in page; somebody known without the permission is refused.
    """

    permission: ClassVar[str] = ""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "." not in cls.permission:
            raise ImproperlyConfigured(f"{cls.__name__} is a page and must name its permission")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        refused = _refused(request, self.permission)
        if refused is not None:
            return refused
        answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        return answer


Page = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def page(permission: str) -> Callable[[Page[P]], Page[P]]:
    """The same for a page that is a function: `@page("journeys.view_journey")`."""
    if "." not in permission:
        raise ImproperlyConfigured(f"{permission!r} is not a permission (app_label.codename)")

    def guard(view: Page[P]) -> Page[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            refused = _refused(request, permission)
            return refused if refused is not None else view(request, *args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]
        return guarded

    return guard


def _refused(request: HttpRequest, permission: str) -> HttpResponseBase | None:
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    if not request.user.has_perm(permission):
        raise PermissionDenied(permission)
    return None
