"""Attempts, the slots they hold, the pool those belong to, and the workers that serve them."""

import uuid

from django.db import models
from django.db.models import Q

from apps.agents.models import Agent
from apps.core.models import Stateful, status_choices
from apps.engine.lifecycle import ATTEMPT
from apps.gates.models import Clearance
from apps.goals.models import Goal
from apps.tasks.models.tasks import Task

LIVE = ("dispatched", "running")


class Pool(models.Model):
    """The execution slots and the settings of design §8, shown and editable."""

    name = models.SlugField(unique=True, max_length=40, default="main")
    slots = models.PositiveSmallIntegerField(default=10)
    lease_seconds = models.PositiveIntegerField(default=30)
    task_timeout_seconds = models.PositiveIntegerField(default=900)
    retries = models.PositiveSmallIntegerField(default=3)
    backoff_seconds = models.FloatField(default=2)
    backoff_factor = models.FloatField(default=2)
    aging_minutes = models.FloatField(default=10, help_text="a tenth of the highest priority each so many minutes")
    queue_limit = models.PositiveIntegerField(default=100)
    queue_resume = models.PositiveIntegerField(default=80)
    no_agent_minutes = models.PositiveIntegerField(default=15)
    slo_check_seconds = models.PositiveIntegerField(default=60)
    slo_parallelization = models.FloatField(default=0.9)
    slo_overhead = models.FloatField(default=0.1)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(slots__range=(5, 50)), name="pool_slots_5_to_50")]

    def __str__(self) -> str:
        return self.name


class Slot(models.Model):
    """One of a limited number of execution places."""

    pool = models.ForeignKey(Pool, on_delete=models.CASCADE, related_name="places")
    number = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["pool", "number"], name="slot_once_per_number")]

    def __str__(self) -> str:
        return f"slot {self.number}"


class Worker(models.Model):
    """A process that serves the queue ``agents``; slots beyond the capacity of live workers stay empty."""

    name = models.CharField(max_length=120, primary_key=True)
    capacity = models.PositiveSmallIntegerField()
    isolated = models.BooleanField(default=True, help_text="namespaces work there")
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Attempt(Stateful):
    """One try of one task by one agent in one slot, under a lease with a fence, by a clearance."""

    lifecycle = ATTEMPT
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="attempts")
    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="attempts")
    phase = models.PositiveSmallIntegerField()
    clearance = models.ForeignKey(Clearance, on_delete=models.PROTECT, related_name="attempts")
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="attempts")
    slot = models.ForeignKey(Slot, null=True, blank=True, on_delete=models.PROTECT, related_name="attempts")
    status = models.CharField(max_length=24, choices=status_choices(ATTEMPT))
    number = models.PositiveIntegerField()
    revision = models.PositiveIntegerField()
    fence = models.PositiveIntegerField()
    lease_until = models.DateTimeField()
    worker = models.CharField(max_length=120, blank=True)
    packet = models.JSONField(default=dict)
    why = models.TextField(blank=True, help_text="why this agent, with numbers")
    base = models.CharField(max_length=64, blank=True, help_text="workspace commit it started from")
    progress = models.PositiveSmallIntegerField(default=0)
    note = models.CharField(max_length=300, blank=True)
    dispatched_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    result = models.JSONField(default=dict, help_text="changed files by path, deletions, summary, claims")
    error = models.TextField(blank=True)
    cost = models.DecimalField(max_digits=12, decimal_places=4, default=0)
    isolated = models.BooleanField(default=True)
    salvage = models.JSONField(null=True, help_text="a result that came too late: kept, never merged by itself")

    class Meta:
        ordering = ["dispatched_at"]
        constraints = [
            models.UniqueConstraint(fields=["slot"], condition=Q(status__in=LIVE), name="one_live_attempt_per_slot"),
            models.UniqueConstraint(fields=["task"], condition=Q(status__in=LIVE), name="one_live_attempt_per_task"),
            models.UniqueConstraint(fields=["task", "fence"], name="fence_once_per_task"),
            models.CheckConstraint(condition=Q(status__in=ATTEMPT.statuses), name="attempt_status_known"),
        ]
        indexes = [
            models.Index(fields=["lease_until"], condition=Q(status__in=LIVE), name="attempt_leases"),
            models.Index(fields=["goal", "dispatched_at"], name="attempt_by_goal"),
        ]

    def __str__(self) -> str:
        return f"attempt {self.number} of {self.task_id}"


class Effect(models.Model):
    """The one accepted result of a task's revision. The unique constraint is promise 5."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="effects")
    revision = models.PositiveIntegerField()
    attempt = models.OneToOneField(Attempt, on_delete=models.PROTECT, related_name="effect")
    commit = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["task", "revision"], name="one_effect_per_revision")]

    def __str__(self) -> str:
        return f"effect of {self.task_id} r{self.revision}"
