"""Goals, briefs and requirements: to be looked at. People act on goals where the actions are."""

from django.contrib import admin

from apps.core.admin import LookOnly
from apps.goals.models import Brief, Goal, Requirement


@admin.register(Goal)
class GoalAdmin(LookOnly):
    list_display = ("title", "status", "owner", "group", "created_at")
    list_filter = ("status",)
    search_fields = ("title",)


@admin.register(Brief)
class BriefAdmin(LookOnly):
    list_display = ("goal", "number", "sha256", "added_by", "added_at")


@admin.register(Requirement)
class RequirementAdmin(LookOnly):
    list_display = ("goal", "number", "kind", "text", "ticked_by")
    list_filter = ("kind",)
