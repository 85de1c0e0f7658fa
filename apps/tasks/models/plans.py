"""What was thought of, and what was chosen."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from apps.core.models import Stateful, status_choices
from apps.engine.lifecycle import PLAN
from apps.goals.models import Goal

ORIGINS = [
    ("approach", "an approach that was explored"),
    ("edit", "a person's edits"),
    ("replan", "planned anew while the goal runs"),
    ("decomposition", "an agent asked to have its task split"),
    ("template", "a template"),
]


class Exploration(models.Model):
    """One run of the Tree of Thoughts for a goal: the whole tree, with scores and the reason for each cut."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="explorations")
    tree = models.JSONField(default=dict)
    library_digest = models.CharField(max_length=64, blank=True)
    why = models.TextField(blank=True, help_text="why the best won, with numbers")
    thinking = models.JSONField(default=dict, help_text="what a model proposed, what was refused, what stood instead")
    seconds = models.FloatField(default=0)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"exploration of {self.goal_id}"


class Approach(models.Model):
    """One way to reach the goal: a leaf of the tree, with its scores."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="approaches")
    exploration = models.ForeignKey(Exploration, on_delete=models.CASCADE, related_name="approaches")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120)
    summary = models.TextField(blank=True)
    choices = models.JSONField(default=dict)
    scores = models.JSONField(default=dict, help_text="time, cost, risk, fit and the total, each 0 to 1")
    risks = models.JSONField(default=list)
    assumptions = models.JSONField(default=list)
    minutes = models.FloatField(default=0, help_text="planned duration")
    cost = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    chosen = models.BooleanField(default=False)
    blueprint = models.JSONField(default=dict, help_text="tasks, edges and schedule, as the engine gave them")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["exploration", "number"], name="approach_once_per_number"),
            models.UniqueConstraint(fields=["exploration"], condition=Q(chosen=True), name="one_chosen_approach"),
        ]

    def __str__(self) -> str:
        return self.name


class Plan(Stateful):
    """The chosen approach, decomposed: a versioned graph of tasks."""

    lifecycle = PLAN
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="plans")
    approach = models.ForeignKey(Approach, null=True, on_delete=models.PROTECT, related_name="plans")
    version = models.PositiveIntegerField()
    status = models.CharField(max_length=24, choices=status_choices(PLAN))
    slots = models.PositiveSmallIntegerField()
    minutes = models.FloatField(default=0, help_text="planned duration")
    lower_bound_minutes = models.FloatField(default=0)
    proven = models.BooleanField(default=False, help_text="the schedule is proven optimal")
    critical_minutes = models.FloatField(default=0, help_text="length of the critical path")
    cost = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    notes = models.JSONField(default=dict, help_text="why phases without tasks have none, and the like")
    origin = models.CharField(max_length=16, choices=ORIGINS, default="approach")
    # What a draft was made from: activating it is refused once that is no longer the goal's current plan.
    base = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="drafts")
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    why = models.TextField(blank=True, help_text="why this version was drafted")
    edition = models.PositiveIntegerField(default=0, help_text="the edition of the draft that stands; undo lowers it")
    created_at = models.DateTimeField()
    activated_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["goal", "version"]
        constraints = [
            models.UniqueConstraint(fields=["goal", "version"], name="plan_once_per_version"),
            models.UniqueConstraint(fields=["goal"], condition=Q(status="active"), name="one_active_plan"),
            models.CheckConstraint(condition=Q(status__in=PLAN.statuses), name="plan_status_known"),
        ]

    def __str__(self) -> str:
        return f"plan {self.version} of {self.goal_id}"


class PlanEdition(models.Model):
    """One state of a draft: what was done, by whom, and the blueprint after it. Edition 0 is the draft as made."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="editions")
    number = models.PositiveIntegerField()
    words = models.CharField(max_length=300, help_text="what was done, for the list of edits")
    operation = models.JSONField(default=dict)
    blueprint = models.JSONField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["plan", "number"]
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="plan_edition_once_per_number")]

    def __str__(self) -> str:
        return self.words
