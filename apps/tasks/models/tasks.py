"""Tasks and the edges between them."""

import uuid

from django.db import models
from django.db.models import Q

from apps.core.models import Stateful, status_choices
from apps.engine.lifecycle import TASK
from apps.gates.models import Round
from apps.goals.models import Goal
from apps.tasks.models.plans import Plan

WAIT_REASONS = (
    "",
    "dependency",
    "gate",
    "slot",
    "worker",
    "capability",
    "agent",
    "budget",
    "backoff",
    "paused",
    "person",
    "queue_full",
)


class Task(Stateful):
    """A primitive piece of work. ``unmet`` counts the producers it still waits for, kept by the hub in sets."""

    lifecycle = TASK
    KINDS = [("work", "work"), ("review", "review")]
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="tasks")
    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="tasks")
    round = models.ForeignKey(Round, null=True, blank=True, on_delete=models.PROTECT, related_name="review_tasks")
    key = models.CharField(max_length=160)
    kind = models.CharField(max_length=8, choices=KINDS, default="work")
    phase = models.PositiveSmallIntegerField()
    position = models.PositiveIntegerField(default=0, help_text="place in the planned order")
    title = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    capability = models.CharField(max_length=60)
    status = models.CharField(max_length=24, choices=status_choices(TASK))
    revision = models.PositiveIntegerField(default=1, help_text="grows when finished work is reopened")
    consumes = models.JSONField(default=list)
    produces = models.JSONField(default=list)
    parameters = models.JSONField(default=dict)
    acceptance = models.JSONField(default=list)
    # Estimates in minutes (PERT: optimistic, likely, pessimistic; ``minutes`` is their weighted mean).
    optimistic = models.FloatField(default=1)
    likely = models.FloatField(default=1)
    pessimistic = models.FloatField(default=1)
    minutes = models.FloatField(default=1)
    estimate_source = models.CharField(max_length=10, default="default", help_text="measured, default or edited")
    estimate_samples = models.PositiveIntegerField(default=0, help_text="attempts that a measured estimate rests on")
    reasons = models.JSONField(default=dict, help_text="why each figure is what it is: reach, impact, estimate ...")
    reach = models.FloatField(default=1)
    impact = models.FloatField(default=1)
    confidence = models.FloatField(default=1)
    effort = models.FloatField(default=1)
    rice = models.FloatField(default=1)
    bottom_level = models.FloatField(default=0, help_text="minutes of the longest path from here to the end")
    critical = models.BooleanField(default=False)
    planned_start = models.FloatField(default=0, help_text="minutes after the start of the plan")
    planned_finish = models.FloatField(default=0)
    unmet = models.PositiveIntegerField(default=0)
    failures = models.PositiveSmallIntegerField(default=0, help_text="failed attempts of this revision")
    ready_at = models.DateTimeField(null=True, blank=True)
    not_before = models.DateTimeField(null=True, blank=True, help_text="back-off")
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    shed = models.BooleanField(default=False, help_text="left out of allocation: the queue was full")
    wait_reason = models.CharField(max_length=12, blank=True, default="")
    wait_detail = models.CharField(max_length=300, blank=True, default="")
    feedback = models.JSONField(default=list, help_text="what people asked to be changed, for the next packet")
    wanted_agent = models.ForeignKey("agents.Agent", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["phase", "position"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "key"], name="task_once_per_key"),
            # The target of the composite foreign key of attempts.
            models.UniqueConstraint(fields=["id", "goal", "phase"], name="task_goal_phase"),
            models.CheckConstraint(condition=Q(phase__range=(1, 7)), name="task_phase_1_to_7"),
            models.CheckConstraint(condition=Q(status__in=TASK.statuses), name="task_status_known"),
            models.CheckConstraint(condition=Q(wait_reason__in=WAIT_REASONS), name="task_wait_reason_known"),
        ]
        indexes = [
            models.Index(fields=["goal", "phase", "status"], name="task_by_phase"),
            models.Index(fields=["goal"], condition=Q(status="ready"), name="task_ready"),
            models.Index(fields=["not_before"], condition=Q(status="retrying"), name="task_backing_off"),
            # What was learnt of a capability is read from its newest tasks (insight.estimates).
            models.Index(
                fields=["capability", "started_at"],
                condition=Q(kind="work", started_at__isnull=False),
                name="task_by_capability",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Edge(models.Model):
    """The consumer needs the producer's output: the artifact that makes it so."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="edges")
    producer = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="out_edges")
    consumer = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="in_edges")
    artifact = models.CharField(max_length=300)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["producer", "consumer", "artifact"], name="edge_once"),
            models.CheckConstraint(condition=~Q(producer=models.F("consumer")), name="edge_not_to_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.producer_id} → {self.consumer_id}"
