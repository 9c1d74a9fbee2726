"""The app `audiences`: who the customers are, and what they did."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AudiencesConfig(AppConfig):
    name = "audiences"
    label = "audiences"
    verbose_name = _("Audiences")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from audiences import asking, filling, refreshing, workspace_sections
        from audiences.definitions.base import DEFINITIONS

        DEFINITIONS.discover("audiences.definitions")
        DEFINITIONS.freeze()
        asking.register()
        refreshing.register()
        workspace_sections.register()
        filling.register()
