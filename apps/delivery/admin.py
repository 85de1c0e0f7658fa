"""What was merged and what was handed over: to be looked at."""

from django.contrib import admin

from apps.core.admin import LookOnly
from apps.delivery.models import Deliverable, MergeIntent


@admin.register(MergeIntent)
class MergeIntentAdmin(LookOnly):
    list_display = ("goal", "attempt", "old", "new", "done")


@admin.register(Deliverable)
class DeliverableAdmin(LookOnly):
    list_display = ("goal", "sha256", "size", "made_at")
