"""Admin pages of our own over accounts, so that the base classes are tested apart from who uses them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.models import Group, User
from django.urls import path

from itinera.access.modeladmin import AuditedAdmin, MaskedMixin, ReadOnlyAdmin
from itinera.access.secretfield import SecretField
from itinera.access.site import Workplace
from itinera.kit.masking import mask_email
from itinera.urls import handler400, handler403, handler404, handler500, urlpatterns

__all__ = ["handler400", "handler403", "handler404", "handler500"]

site = Workplace(name="sample")


class AccountForm(forms.ModelForm):
    secret = SecretField(is_set=True)

    class Meta:
        model = User
        fields = ("username", "email", "groups", "secret")

    def save(self, commit: bool = True) -> Any:
        if self.cleaned_data["secret"] is not None:
            self.instance.last_name = self.cleaned_data["secret"]
        return super().save(commit)


class MaskedPeople(MaskedMixin, AuditedAdmin):
    explanation = "Masked."
    form = AccountForm
    list_display = ("username", "email")
    search_fields = ("username", "email")
    fields = (("username", "email"), "groups", "secret")
    secret_fields = ("last_name",)
    masked = {"email": lambda obj: mask_email(obj.email)}


class LookedAtGroups(ReadOnlyAdmin):
    list_display = ("name",)


site.register(User, MaskedPeople)
site.register(Group, LookedAtGroups)
urlpatterns = [path("sample-admin/", site.urls), *urlpatterns]
