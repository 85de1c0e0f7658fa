"""The root of all addresses: health here, the API under /api/v1, the pages everywhere else."""

from django.contrib import admin
from django.urls import path

from orchestrator_site import health
from orchestrator_site.modules import mounted

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("admin/", admin.site.urls),
    *mounted("api/v1/", "apps.api.urls"),
    *mounted("", "apps.dashboard.urls"),
]
