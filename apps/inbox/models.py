"""What needs a person besides gates: questions and escalations."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from apps.core.models import Stateful, status_choices
from apps.engine.lifecycle import ESCALATION
from apps.goals.models import Goal
from apps.tasks.models import Task


class Question(models.Model):
    """What the planner or an agent asks a person; unanswered, its default holds as an assumption."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="questions")
    task = models.ForeignKey(Task, null=True, blank=True, on_delete=models.CASCADE, related_name="questions")
    key = models.CharField(max_length=80)
    text = models.TextField()
    default = models.TextField()
    changes = models.TextField(blank=True, help_text="what another answer would change")
    sentence = models.PositiveIntegerField(null=True)
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    asked_at = models.DateTimeField()

    class Meta:
        ordering = ["asked_at", "key"]
        constraints = [models.UniqueConstraint(fields=["goal", "key"], name="question_once_per_key")]

    def __str__(self) -> str:
        return self.text[:60]


class Escalation(Stateful):
    """Anything else that needs a person."""

    lifecycle = ESCALATION
    KINDS = [
        (kind, kind.replace("_", " "))
        for kind in (
            *("task_failed", "no_agent", "queue_full", "slo", "conflict", "budget", "overdue", "plan_failed"),
            "decomposition",
        )
    ]
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    goal = models.ForeignKey(Goal, null=True, blank=True, on_delete=models.CASCADE, related_name="escalations")
    task = models.ForeignKey(Task, null=True, blank=True, on_delete=models.CASCADE, related_name="escalations")
    status = models.CharField(max_length=24, choices=status_choices(ESCALATION))
    kind = models.CharField(max_length=20, choices=KINDS)
    key = models.CharField(max_length=120, help_text="one open escalation per key")
    text = models.TextField()
    what_to_do = models.TextField(blank=True)
    raised_at = models.DateTimeField()
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolution = models.TextField(blank=True)

    class Meta:
        ordering = ["-raised_at"]
        constraints = [
            models.UniqueConstraint(fields=["key"], condition=Q(status="open"), name="one_open_escalation_per_key"),
            models.CheckConstraint(condition=Q(status__in=ESCALATION.statuses), name="escalation_status_known"),
        ]

    def __str__(self) -> str:
        return self.text[:60]
