"""Approaches and plans, tasks and edges, attempts and slots, and the files they produce."""

from apps.tasks.models.attempts import Attempt, Effect, Pool, Slot, Worker
from apps.tasks.models.files import Artifact, Blob, SuppliedArtifact
from apps.tasks.models.plans import Approach, Exploration, Plan, PlanEdition
from apps.tasks.models.tasks import Edge, Task

__all__ = [
    "Approach",
    "Artifact",
    "Attempt",
    "Blob",
    "Edge",
    "Effect",
    "Exploration",
    "Plan",
    "PlanEdition",
    "Pool",
    "Slot",
    "SuppliedArtifact",
    "Task",
    "Worker",
]
