"""The two addresses, wherever the site puts them."""

from django.urls import path

from itinera.health import HealthView, MetricsView

urlpatterns = [path("api/v1/health", HealthView.as_view()), path("api/v1/metrics", MetricsView.as_view())]
