"""What people were asked, and what was escalated: to be looked at."""

from django.contrib import admin

from apps.core.admin import LookOnly
from apps.inbox.models import Escalation, Question


@admin.register(Question)
class QuestionAdmin(LookOnly):
    list_display = ("goal", "text", "answer", "answered_by")


@admin.register(Escalation)
class EscalationAdmin(LookOnly):
    list_display = ("text", "kind", "status", "raised_at", "resolved_by")
