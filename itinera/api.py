"""`/api/v1`: every app's part, the schema, health and metrics. Each view names the permission it needs."""

from __future__ import annotations

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView

from itinera.access.permissions import requires
from itinera.health import HealthView, MetricsView
from itinera.jobs import JobDetail, JobStop


class Schema(SpectacularAPIView):
    """The OpenAPI description. It holds no data, but tells nobody more than they may use."""

    permission_classes = [requires("journeys.view_journey", "read")]


urlpatterns = [
    path("schema", Schema.as_view(), name="api-schema"),
    path("health", HealthView.as_view(), name="api-health"),
    path("metrics", MetricsView.as_view(), name="api-metrics"),
    path("jobs/<int:number>", JobDetail.as_view(), name="api-job"),
    path("jobs/<int:number>/stop", JobStop.as_view(), name="api-job-stop"),
    path("", include("audiences.api.urls")),
    path("", include("channels_out.api.urls")),
    path("", include("journeys.api.urls")),
]
