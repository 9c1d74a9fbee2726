"""Which variant a person sees, and whether it worked."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AbtestConfig(AppConfig):
    name = "abtest"
    label = "abtest"
    verbose_name = _("Experiments")
    default_auto_field = "django.db.models.BigAutoField"
