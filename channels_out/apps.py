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
        from audiences.followers import FOLLOWERS
        from audiences.panels import PANELS
        from audiences.rules import LEAVES
        from audiences.rules.channels import IN_USE
        from audiences.uses import USERS
        from channels_out import following, workspace
        from channels_out.categories import categories_in_use
        from channels_out.lookups import templates_that_use
        from channels_out.panel import Messages
        from channels_out.providers.base import providers
        from itinera.kit.secrets import SealedColumn, sealed_columns

        providers.discover("channels_out.providers")
        providers.freeze()
        sealed_columns.register("account.secrets", SealedColumn("account", "secrets"))
        workspace.register()
        LEAVES.discover("channels_out.leaves")
        IN_USE.register("channels_out", categories_in_use)
        FOLLOWERS.register("messages", following.Messages())
        FOLLOWERS.register("cap_uses", following.CapUses())
        USERS.register("templates", templates_that_use)
        PANELS.register("messages", Messages())
