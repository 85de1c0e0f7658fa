"""The root of all addresses. ``/healthz`` and ``/readyz`` are answered before any of these (``health.py``)."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from apps.api.metrics import metrics

admin.site.site_header = admin.site.site_title = "Command Post"
admin.site.index_title = "Administration"

urlpatterns = [
    path("admin", RedirectView.as_view(url="/admin/")),
    path("admin/", admin.site.urls),
    path("api/v1/", include("apps.api.urls")),
    path("metrics", metrics),
    path("", include("apps.dashboard.urls")),
]
