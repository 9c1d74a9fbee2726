"""The journeys app: registers what it adds to the layers below."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JourneysConfig(AppConfig):
    name = "journeys"
    verbose_name = _("Journeys")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Ingestion and dispatch call upwards through registries: a wave when work arrives, a door for messages."""
        from audiences.rules import LEAVES
        from journeys import registered

        registered.register()
        LEAVES.discover("journeys.leaves")
