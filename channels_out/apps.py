"""Makes the providers known, and tells other packages what is owned here."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ChannelsOutConfig(AppConfig):
    """Messages owed, tried and answered, and what limits them."""

    name = "channels_out"
    label = "channels_out"
    verbose_name = _("Channels")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from channels_out import workspace
        from channels_out.providers.base import providers
        from itinera.kit.secrets import SealedColumn, sealed_columns

        providers.discover("channels_out.providers")
        providers.freeze()
        sealed_columns.register("account.secrets", SealedColumn("account", "secrets"))
        workspace.register()
