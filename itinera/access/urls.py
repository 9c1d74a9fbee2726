"""Addresses of logging in. Everything else needs to know who is asking."""

from django.contrib.auth.views import LogoutView
from django.urls import path
from django.views.i18n import set_language

from itinera.access.login import Login, PasswordChange

urlpatterns = [
    path("login/", Login.as_view(), name="login"),
    path("logout/", LogoutView.as_view(next_page="login"), name="logout"),
    path("password/", PasswordChange.as_view(), name="password_change"),
    path("language/", set_language, name="set_language"),
]
