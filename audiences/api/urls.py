"""Addresses of this package under `/api/v1/`."""

from django.urls import include, path

from audiences.api import lookups, profiles, rules, tags, views

urlpatterns = [
    path("audiences", include("audiences.api.audience_urls")),
    path("events", views.Events.as_view(), name="api-events"),
    path("profiles", views.Profiles.as_view(), name="api-profiles"),
    path("profiles/lookup", views.Lookup.as_view(), name="api-profile-lookup"),
    path("rules/catalogue", rules.RuleCatalogue.as_view(), name="api-rule-catalogue"),
    path("rules/check", rules.RuleCheck.as_view(), name="api-rule-check"),
    path("rules/values", rules.RuleValues.as_view(), name="api-rule-values"),
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
