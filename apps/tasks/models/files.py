"""Files by content: what workers are given and give back, and what was accepted."""

import uuid

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
