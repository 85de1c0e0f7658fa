"""Files by content: what workers are given and give back, and what was accepted."""

import uuid

from django.conf import settings
from django.db import models

from apps.goals.models import Goal
from apps.tasks.models.attempts import Attempt
from apps.tasks.models.tasks import Task


class Blob(models.Model):
    """A file's content, addressed by its SHA-256: so that many machines need no shared disk."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    content = models.BinaryField()
    size = models.PositiveIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.sha256[:12]


class Artifact(models.Model):
    """An accepted file of the workspace: who made it, in which attempt; the newest row of a path is in force."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="artifacts")
    task = models.ForeignKey(Task, null=True, on_delete=models.CASCADE, related_name="artifacts")
    attempt = models.ForeignKey(Attempt, null=True, on_delete=models.CASCADE, related_name="artifacts")
    path = models.CharField(max_length=300)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    deleted = models.BooleanField(default=False)
    current = models.BooleanField(default=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["path"]
        constraints = [
            models.UniqueConstraint(
                fields=["goal", "path"], condition=models.Q(current=True), name="one_current_artifact_per_path"
            )
        ]

    def __str__(self) -> str:
        return self.path


class SuppliedArtifact(models.Model):
    """A file that people bring along, so that the goal may start in a later phase."""

    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="supplied")
    path = models.CharField(max_length=300)
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+")
    supplied_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    supplied_at = models.DateTimeField()

    class Meta:
        ordering = ["path"]
        constraints = [models.UniqueConstraint(fields=["goal", "path"], name="supplied_artifact_once_per_path")]

    def __str__(self) -> str:
        return self.path
