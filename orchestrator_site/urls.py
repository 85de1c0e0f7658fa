"""The root of all addresses. ``/healthz`` and ``/readyz`` are answered before any of these (``health.py``)."""

from django.contrib import admin
from django.urls import path
from django.views.generic import RedirectView

from orchestrator_site.modules import mounted

urlpatterns = [
    path("admin", RedirectView.as_view(url="/admin/")),
    path("admin/", admin.site.urls),
    *mounted("api/v1/", "apps.api.urls"),
    *mounted("", "apps.dashboard.urls"),
]
