"""The app `audiences`: who the customers are, and what they did."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AudiencesConfig(AppConfig):
    name = "audiences"
    label = "audiences"
    verbose_name = _("Audiences")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from audiences import asking, filling, refreshing, tag_jobs, uses, workspace_sections
        from audiences.definitions.base import DEFINITIONS
        from audiences.following import registered
        from audiences.imports import run as imports
        from audiences.segmentations import actions, panel, runs
        from audiences.streams.base import STREAMS
        from itinera.kit.jobs import JOBS

        DEFINITIONS.discover("audiences.definitions")
        DEFINITIONS.freeze()
        asking.register()
        refreshing.register()
        tag_jobs.register()
        uses.register()
        workspace_sections.register()
        STREAMS.discover("audiences.streams")
        STREAMS.freeze()
        JOBS.register(imports.KIND, imports.ImportJob())
        actions.register()
        runs.register()
        panel.register()
        registered.register()
        filling.register()
