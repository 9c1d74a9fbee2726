"""Logging in and out, changing one's password, choosing a language. The only pages for people nobody knows yet."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from axes.helpers import get_cool_off
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.contrib.auth.mixins import LoginRequiredMixin
from django.contrib.auth.views import LoginView, PasswordChangeView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from itinera.kit import audit


class LoginForm(AuthenticationForm):
    """One answer for a wrong name, a wrong password and a closed account: it tells nobody which names exist."""

    def __init__(self, request: HttpRequest | None = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(request, *args, **kwargs)
        self.error_messages["invalid_login"] = _("The name or the password is not right. Mind capital letters.")


class Login(LoginView):
    """The session gets a new key on success, so that a planted one is worth nothing."""

    form_class = LoginForm
    redirect_authenticated_user = True


class PasswordChange(LoginRequiredMixin, PasswordChangeView):
    """One's own password; every other session of the account ends, this one goes on."""

    success_url = reverse_lazy("password_change")

    def form_valid(self, form: PasswordChangeForm) -> HttpResponse:
        form.save()
        update_session_auth_hash(self.request, form.user)
        audit.record(form.user, "user.password", f"user:{form.user.get_username()}")
        messages.success(self.request, _("The password is changed. Other devices have been logged out."))
        return HttpResponseRedirect(self.get_success_url())


def locked_out(request: HttpRequest, _response: HttpResponse | None, _credentials: Any) -> HttpResponse:
    """`settings.AXES_LOCKOUT_CALLABLE`: too many failures. Says for how long, not whether the account exists."""
    form = LoginForm(request)
    context = {"form": form, "locked": _words(get_cool_off(request)), "next": request.POST.get("next", "")}
    return render(request, "registration/login.html", context, status=429)


def _words(wait: timedelta | None) -> str:
    if wait is None:
        return _("Too many failed attempts. An administrator can open the account again.")
    minutes = max(1, round(wait.total_seconds() / 60))
    return ngettext(
        "Too many failed attempts. Try again in %(minutes)d minute, or ask an administrator.",
        "Too many failed attempts. Try again in %(minutes)d minutes, or ask an administrator.",
        minutes,
    ) % {"minutes": minutes}
