"""The site itself as an app: its system checks, its commands, and the Celery application loaded with it."""

from django.apps import AppConfig


class ItineraConfig(AppConfig):
    name = "itinera"
    label = "itinera"
    verbose_name = "Itinera"

    def ready(self) -> None:
        from itinera import celery, checks  # noqa: F401  # tasks that the site sends use the application loaded here
