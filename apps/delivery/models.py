"""Merging into the workspace, and what is handed over."""

import uuid

from django.db import models

from apps.gates.models import Clearance
from apps.goals.models import Goal
from apps.tasks.models import Attempt


class MergeIntent(models.Model):
    """Written and committed before the reference moves, so that a crash between is understood afterwards."""

    attempt = models.OneToOneField(Attempt, on_delete=models.CASCADE, related_name="merge_intent")
    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="+")
    old = models.CharField(max_length=64)
    new = models.CharField(max_length=64)
    lease_until = models.DateTimeField()
    done = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["lease_until"], condition=models.Q(done=False), name="merge_leases")]

    def __str__(self) -> str:
        return f"{self.old[:8]} → {self.new[:8]}"


class Deliverable(models.Model):
    """``final_deliverable.zip`` of a goal, by clearance 8."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, related_name="deliverables")
    phase = models.PositiveSmallIntegerField(default=8)
    clearance = models.OneToOneField(Clearance, on_delete=models.PROTECT, related_name="deliverable")
    commit = models.CharField(max_length=64)
    file = models.CharField(max_length=300, help_text="path below VAR_DIR/deliverables")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    manifest = models.JSONField()
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["-made_at"]
        constraints = [models.CheckConstraint(condition=models.Q(phase=8), name="deliverable_by_clearance_8")]

    def __str__(self) -> str:
        return self.file
