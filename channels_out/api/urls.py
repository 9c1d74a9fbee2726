"""Addresses of this package under `/api/v1/`."""

from django.urls import path

from channels_out.api import views

urlpatterns = [
    path("messages", views.MessageList.as_view(), name="api-messages"),
    path("templates", views.TemplateList.as_view(), name="api-templates"),
    path("templates/<slug:slug>", views.TemplateDetail.as_view(), name="api-template"),
    path("caps", views.CapList.as_view(), name="api-caps"),
    path("quiet-hours", views.QuietHoursList.as_view(), name="api-quiet-hours"),
    path("accounts", views.AccountList.as_view(), name="api-accounts"),
]
