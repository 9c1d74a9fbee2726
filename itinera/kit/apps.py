"""The kit: a leaf that every app may import. Its one table is the audit trail."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class KitConfig(AppConfig):
    name = "itinera.kit"
    label = "kit"
    verbose_name = _("Running")
    default_auto_field = "django.db.models.BigAutoField"
