"""Access: who may come in and what they may do; and the admin site as the admins' workplace."""

from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps  # not its classes: Django looks for configurations by name here
from django.utils.translation import gettext_lazy as _


class AccessConfig(AppConfig):
    name = "itinera.access"
    label = "access"
    verbose_name = _("Rights")
    default_auto_field = "django.db.models.BigAutoField"
    default = True


class WorkplaceConfig(admin_apps.AdminConfig):
    """Stands in the settings for `django.contrib.admin`: `admin.site` is then our own."""

    default_site = "itinera.access.site.Workplace"
    default = False
