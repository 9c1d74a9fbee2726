"""Addresses of this package under `/api/v1/`."""

from django.urls import include, path

from audiences.api import lookups, merging, profiles, rules, segmentations, tags, views

urlpatterns = [
    path("", include("audiences.api.audience_urls")),
    path("events", views.Events.as_view(), name="api-events"),
    path("profiles", views.Profiles.as_view(), name="api-profiles"),
    path("profiles/lookup", views.Lookup.as_view(), name="api-profile-lookup"),
    path("profiles/merge", merging.ProfilesMerge.as_view(), name="api-profiles-merge"),
    path("merges", merging.MergeList.as_view(), name="api-merges"),
    path("merges/<int:number>/undo", merging.MergeUndo.as_view(), name="api-merge-undo"),
    path("merge-requests", merging.MergeRequestList.as_view(), name="api-merge-requests"),
    path("merge-requests/<int:number>/decide", merging.MergeRequestDecide.as_view(), name="api-merge-request-decide"),
    path("rules/catalogue", rules.RuleCatalogue.as_view(), name="api-rule-catalogue"),
    path("rules/check", rules.RuleCheck.as_view(), name="api-rule-check"),
    path("rules/values", rules.RuleValues.as_view(), name="api-rule-values"),
    path("segmentation-types", segmentations.SegmentationTypes.as_view(), name="api-segmentation-types"),
    path("segmentations", segmentations.Segmentations.as_view(), name="api-segmentations"),
    path("segmentations/<slug:slug>", segmentations.SegmentationDetail.as_view(), name="api-segmentation"),
    path("segmentations/<slug:slug>/run", segmentations.SegmentationRunNow.as_view(), name="api-segmentation-run"),
    path("segmentations/<slug:slug>/cells", segmentations.SegmentationCells.as_view(), name="api-segmentation-cells"),
    path("segmentations/<slug:slug>/flow", segmentations.SegmentationFlow.as_view(), name="api-segmentation-flow"),
    path(
        "segmentations/<slug:slug>/history",
        segmentations.SegmentationHistory.as_view(),
        name="api-segmentation-history",
    ),
    path("segmentations/<slug:slug>/people", segmentations.SegmentationPeople.as_view(), name="api-segmentation-keep"),
    path(
        "segmentations/<slug:slug>/people/<int:number>",
        segmentations.SegmentationPerson.as_view(),
        name="api-segmentation-person",
    ),
    path("profiles/<int:number>", profiles.ProfileDetail.as_view(), name="api-profile"),
    path("profiles/<int:number>/events", profiles.ProfileEvents.as_view(), name="api-profile-events"),
    path("profiles/<int:number>/changes", profiles.ProfileChanges.as_view(), name="api-profile-changes"),
    path("tags", tags.TagList.as_view(), name="api-tags"),
    path("tags/<slug:slug>", tags.TagOne.as_view(), name="api-tag"),
    path("tags/<slug:slug>/refresh", tags.TagRefresh.as_view(), name="api-tag-refresh"),
    path("tags/<slug:slug>/apply", tags.TagApply.as_view(), name="api-tag-apply"),
    path("lookups", lookups.LookupList.as_view(), name="api-lookups"),
    path("lookups/<slug:slug>", lookups.LookupOne.as_view(), name="api-lookup"),
    path("lookups/<slug:slug>/rows", lookups.LookupRows.as_view(), name="api-lookup-rows"),
]
