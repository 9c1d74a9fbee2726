"""Pages of journeys."""

from django.urls import path, register_converter

from journeys.views import JourneyListPage, JourneyPage, StartPage


class JourneySlug:
    """As the contract says; anything else is no address of ours."""

    regex = "[a-z0-9_-]{1,64}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(JourneySlug, "journey")

urlpatterns = [
    path("", StartPage.as_view(), name="start"),
    path("journeys/", JourneyListPage.as_view(), name="journeys"),
    path("journeys/<journey:slug>/", JourneyPage.as_view(), name="journey"),
]
