"""What was measured: to be looked at."""

from django.contrib import admin

from apps.core.admin import LookOnly
from apps.insight.models import SloSample


@admin.register(SloSample)
class SloSampleAdmin(LookOnly):
    list_display = ("at", "goal", "parallelization", "overhead", "breached")
