"""Pages about people."""

from django.urls import path, register_converter

from audiences.pages import audiences, imports


class Slug:
    """As the contract says; anything else is no address of ours."""

    regex = "[a-z0-9_-]{1,64}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class Verb:
    """What a button of an import does."""

    regex = "columns|start|forget"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Slug, "name")
register_converter(Verb, "import-verb")

urlpatterns = [
    path("audiences/", audiences.AudienceListPage.as_view(), name="audiences"),
    path("audiences/new/", audiences.AudienceEditPage.as_view(), name="audience-new"),
    path("audiences/<name:slug>/", audiences.AudiencePage.as_view(), name="audience"),
    path("audiences/<name:slug>/edit/", audiences.AudienceEditPage.as_view(), name="audience-edit"),
    path("imports/", imports.ImportListPage.as_view(), name="imports"),
    path("imports/bring", imports.bring, name="import-bring"),
    path("imports/<int:number>/", imports.ImportPage.as_view(), name="import"),
    path("imports/<int:number>/preview", imports.look, name="import-preview"),
    path("imports/<int:number>/errors.csv", imports.errors, name="import-errors"),
    path("imports/<int:number>/<import-verb:name>", imports.verb, name="import-verb"),
]
