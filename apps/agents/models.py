"""The registry of agents, what they can do, and what is known of their work."""

import uuid

from django.db import models

from apps.core.models import Stateful, status_choices
from apps.engine.lifecycle import AGENT

RUNTIMES = [(kind, kind) for kind in ("local", "llm", "command", "a2a", "pull", "human")]


class Agent(Stateful):
    """Somebody in the registry who can do tasks."""

    lifecycle = AGENT
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(unique=True, max_length=60)
    name = models.CharField(max_length=120)
    description = models.TextField(blank=True)
    runtime = models.CharField(max_length=10, choices=RUNTIMES)
    status = models.CharField(max_length=24, choices=status_choices(AGENT))
    config = models.JSONField(default=dict, blank=True, help_text="what the runtime needs; secrets by name only")
    max_concurrent = models.PositiveSmallIntegerField(default=10)
    cost_per_hour = models.DecimalField(max_digits=10, decimal_places=2, default=0, help_text="in euro")
    last_seen_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=models.Q(status__in=AGENT.statuses), name="agent_status_known"),
        ]

    def __str__(self) -> str:
        return self.name


class AgentCapability(models.Model):
    """This agent can do this kind of work."""

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="capabilities")
    capability = models.CharField(max_length=60, db_index=True)

    class Meta:
        ordering = ["capability"]
        constraints = [models.UniqueConstraint(fields=["agent", "capability"], name="capability_once_per_agent")]

    def __str__(self) -> str:
        return self.capability


class Scorecard(models.Model):
    """What is known of an agent's work in one capability; ``tries`` says how much that is worth."""

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="scorecards")
    capability = models.CharField(max_length=60)
    tries = models.PositiveIntegerField(default=0)
    succeeded = models.PositiveIntegerField(default=0)
    seconds_total = models.FloatField(default=0)
    cost_total = models.DecimalField(max_digits=14, decimal_places=4, default=0)

    class Meta:
        ordering = ["capability"]
        constraints = [models.UniqueConstraint(fields=["agent", "capability"], name="scorecard_once")]

    def __str__(self) -> str:
        return f"{self.agent_id} {self.capability}: {self.succeeded}/{self.tries}"
