"""Pages about people."""

from django.urls import path, register_converter

from audiences.pages import audiences, imports, segmentations


class Slug:
    """As the contract says; anything else is no address of ours."""

    regex = "[a-z0-9_-]{1,64}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Slug, "name")

urlpatterns = [
    path("audiences/", audiences.AudienceListPage.as_view(), name="audiences"),
    path("audiences/new/", audiences.AudienceEditPage.as_view(), name="audience-new"),
    path("audiences/<name:slug>/", audiences.AudiencePage.as_view(), name="audience"),
    path("audiences/<name:slug>/edit/", audiences.AudienceEditPage.as_view(), name="audience-edit"),
    path("audiences/<name:slug>/refresh", audiences.refresh, name="audience-refresh"),
    path("segmentations/", segmentations.SegmentationListPage.as_view(), name="segmentations"),
    path("segmentations/new/", segmentations.SegmentationFormPage.as_view(), name="segmentation-new"),
    path("segmentations/<name:slug>/", segmentations.SegmentationPage.as_view(), name="segmentation"),
    path("segmentations/<name:slug>/edit/", segmentations.SegmentationFormPage.as_view(), name="segmentation-edit"),
    path("segmentations/<name:slug>/run", segmentations.run, name="segmentation-run"),
    path("segmentations/<name:slug>/keep", segmentations.keep, name="segmentation-keep"),
    path("imports/", imports.ImportListPage.as_view(), name="imports"),
    path("imports/bring", imports.bring, name="import-bring"),
    path("imports/<int:number>/", imports.ImportPage.as_view(), name="import"),
    path("imports/<int:number>/preview", imports.look, name="import-preview"),
    path("imports/<int:number>/errors.csv", imports.errors, name="import-errors"),
    path("imports/<int:number>/columns", imports.verb, {"name": "columns"}, name="import-columns"),
    path("imports/<int:number>/start", imports.verb, {"name": "start"}, name="import-start"),
    path("imports/<int:number>/forget", imports.verb, {"name": "forget"}, name="import-forget"),
]
