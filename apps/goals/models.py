"""Goals, their briefs and the requirements read out of them."""

import uuid

from django.conf import settings
from django.db import models

from apps.accounts.models import Group
from apps.core.models import Stateful, status_choices
from apps.engine.lifecycle import GOAL

PHASES = range(1, 8)
PHASE_NAMES = {
    1: "Requirements",
    2: "Architecture",
    3: "Infrastructure",
    4: "Backend",
    5: "Frontend",
    6: "Integration",
    7: "Deployment",
}


class Goal(Stateful):
    """What the command group wants."""

    lifecycle = GOAL
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title = models.CharField(max_length=200)
    status = models.CharField(max_length=24, choices=status_choices(GOAL))
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="goals")
    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="goals", help_text="the owner's group")
    deadline = models.DateTimeField(null=True, blank=True)
    budget = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True, help_text="in euro")
    slots = models.PositiveSmallIntegerField(null=True, blank=True, help_text="at most so many at once")
    priority = models.FloatField(default=1.0, help_text="weight in RICE's reach; 1 is ordinary")
    facts = models.JSONField(default=dict, blank=True)
    corrections = models.JSONField(default=list, blank=True, help_text="what people changed in the facts, in order")
    planning = models.JSONField(default=dict, blank=True, help_text="beam, depth, weights, first phase, template")
    # Set when the submitter asked, from a session, to start the plan as soon as it is proposed.
    start_when_proposed = models.BooleanField(default=False)
    failure = models.TextField(blank=True)
    head = models.CharField(max_length=64, blank=True, help_text="commit of the workspace's accepted work")
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(condition=models.Q(status__in=GOAL.statuses), name="goal_status_known"),
        ]
        indexes = [models.Index(fields=["status"], name="goal_by_status")]

    def __str__(self) -> str:
        return self.title

    @property
    def stream_id(self) -> uuid.UUID:
        return self.id

    @classmethod
    def stream_column(cls) -> str:
        return "id"


class Brief(models.Model):
    """The brief, byte for byte (number 1), and its numbered additions. Never edited."""

    append_only = True
    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, related_name="briefs")
    number = models.PositiveSmallIntegerField()
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["goal", "number"], name="brief_once_per_number")]

    def __str__(self) -> str:
        return f"brief {self.number} of {self.goal_id}"

    @property
    def text(self) -> str:
        return bytes(self.content).decode("utf-8", errors="replace")


class Requirement(models.Model):
    """A numbered statement traced to sentences of the brief."""

    KINDS = [("testable", "testable"), ("manual", "manual"), ("declined", "declined")]
    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="requirements")
    number = models.PositiveIntegerField()
    text = models.TextField()
    kind = models.CharField(max_length=10, choices=KINDS)
    sentences = models.JSONField(default=list)
    feature = models.CharField(max_length=120, blank=True)
    why = models.TextField(blank=True)
    ticked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    ticked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["goal", "number"], name="requirement_once_per_number")]

    def __str__(self) -> str:
        return f"R{self.number} {self.text[:60]}"
