"""`/api/v1/journeys…` and `/api/v1/node-types`."""

from django.urls import path

from journeys.api import views

urlpatterns = [
    path("journeys", views.JourneyList.as_view(), name="api-journeys"),
    path("journeys/<slug:slug>", views.JourneyDetail.as_view(), name="api-journey"),
    path("journeys/<slug:slug>/counts", views.JourneyCounts.as_view(), name="api-journey-counts"),
    path("journeys/<slug:slug>/versions", views.JourneyVersions.as_view(), name="api-journey-versions"),
    path("journeys/<slug:slug>/check", views.JourneyCheck.as_view(), name="api-journey-check"),
    path("journeys/<slug:slug>/publish", views.JourneyPublish.as_view(), name="api-journey-publish"),
    path("journeys/<slug:slug>/pause", views.JourneyPause.as_view(), name="api-journey-pause"),
    path("journeys/<slug:slug>/resume", views.JourneyResume.as_view(), name="api-journey-resume"),
    path("node-types", views.NodeTypes.as_view(), name="api-node-types"),
]
