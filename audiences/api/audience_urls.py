"""Addresses under `/api/v1/audiences`."""

from django.urls import path

from audiences.api.audience_people import AudienceMember, AudienceMembersPage, AudienceSample, AudienceShiftPage
from audiences.api.audience_refreshes import AudienceEstimate, AudienceHistory, AudienceRefreshNow
from audiences.api.audiences import AudienceList, AudienceOne

ONE = "audiences/<slug:slug>"

urlpatterns = [
    path("audiences", AudienceList.as_view(), name="api-audiences"),
    path("audiences/estimate", AudienceEstimate.as_view(), name="api-audience-estimate"),
    path(ONE, AudienceOne.as_view(), name="api-audience"),
    path(f"{ONE}/refresh", AudienceRefreshNow.as_view(), name="api-audience-refresh"),
    path(f"{ONE}/history", AudienceHistory.as_view(), name="api-audience-history"),
    path(f"{ONE}/members", AudienceMembersPage.as_view(), name="api-audience-members"),
    path(f"{ONE}/members/<int:number>", AudienceMember.as_view(), name="api-audience-member"),
    path(f"{ONE}/sample", AudienceSample.as_view(), name="api-audience-sample"),
    path(f"{ONE}/shift/<int:refresh>", AudienceShiftPage.as_view(), name="api-audience-shift"),
]
