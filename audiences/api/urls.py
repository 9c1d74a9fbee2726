"""Addresses of this package under `/api/v1/`."""

from django.urls import include, path

from audiences.api import views

urlpatterns = [
    path("audiences", include("audiences.api.audience_urls")),
    path("events", views.Events.as_view(), name="api-events"),
    path("profiles", views.Profiles.as_view(), name="api-profiles"),
    path("profiles/lookup", views.Lookup.as_view(), name="api-profile-lookup"),
    path("profiles/<int:number>", views.ProfileDetail.as_view(), name="api-profile"),
]
