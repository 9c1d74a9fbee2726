"""Addresses of this package under `/api/v1/`."""

from django.urls import path

from audiences.api import merging, views

urlpatterns = [
    path("events", views.Events.as_view(), name="api-events"),
    path("profiles", views.Profiles.as_view(), name="api-profiles"),
    path("profiles/lookup", views.Lookup.as_view(), name="api-profile-lookup"),
    path("profiles/merge", merging.ProfilesMerge.as_view(), name="api-profiles-merge"),
    path("profiles/<int:number>", views.ProfileDetail.as_view(), name="api-profile"),
    path("merges", merging.MergeList.as_view(), name="api-merges"),
    path("merges/<int:number>/undo", merging.MergeUndo.as_view(), name="api-merge-undo"),
    path("merge-requests", merging.MergeRequestList.as_view(), name="api-merge-requests"),
    path("merge-requests/<int:number>/decide", merging.MergeRequestDecide.as_view(), name="api-merge-request-decide"),
]
