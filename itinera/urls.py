"""Every address of the site."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from itinera.jobs import job_part, stop_job

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("itinera.access.urls")),
    path("", include("journeys.urls")),
    path("", include("audiences.urls")),
    path("jobs/<int:number>/", job_part, name="job"),
    path("jobs/<int:number>/stop", stop_job, name="job-stop"),
    path("api/v1/", include("itinera.api")),
    path("admin/", admin.site.urls),
]

# What is refused before any view is reached, told like every other refusal.
handler400 = "itinera.kit.problem_json.handler400"
handler403 = "itinera.kit.problem_json.handler403"
handler404 = "itinera.kit.problem_json.handler404"
handler500 = "itinera.kit.problem_json.handler500"
