"""What planning keeps: the method library, templates of plans, the models that may help, and what they were asked."""

import uuid

from django.conf import settings
from django.db import models

from apps.goals.models import Goal
from apps.tasks.models import Plan


class MethodLibrary(models.Model):
    """One version of the method library; the newest active one plans."""

    version = models.PositiveIntegerField(unique=True)
    content = models.TextField(help_text="YAML")
    digest = models.CharField(max_length=64)
    active = models.BooleanField(default=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    note = models.CharField(max_length=300, blank=True, help_text="what was changed, and why")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["active"], condition=models.Q(active=True), name="one_active_method_library"
            )
        ]

    def __str__(self) -> str:
        return f"method library {self.version}"


class PlanTemplate(models.Model):
    """A plan that proved good, to start another goal from."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120)
    summary = models.TextField(blank=True)
    kind = models.CharField(max_length=40, help_text="what kind of thing it makes, in the words of the facts")
    blueprint = models.JSONField(help_text="tasks, edges and schedule")
    facts = models.JSONField(default=dict, help_text="the facts of the goal it came from")
    source = models.ForeignKey(Plan, null=True, blank=True, on_delete=models.SET_NULL, related_name="templates")
    retired = models.BooleanField(default=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["name"], condition=models.Q(retired=False), name="one_template_per_name")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def kind_words(self) -> str:
        return self.kind.replace("_", " ")


class ThinkingModel(models.Model):
    """A model that may help planning. Its key is named, never stored: ``secret`` is an environment variable's name."""

    PROVIDERS = [("openai", "OpenAI-compatible"), ("anthropic", "Anthropic"), ("ollama", "Ollama")]
    name = models.CharField(max_length=80, unique=True)
    provider = models.CharField(max_length=12, choices=PROVIDERS)
    model = models.CharField(max_length=120)
    base_url = models.URLField(max_length=300, blank=True)
    secret = models.CharField(max_length=80, blank=True, help_text="name of the environment variable with the key")
    input_price = models.DecimalField(max_digits=10, decimal_places=4, default=0, help_text="euro per million tokens")
    output_price = models.DecimalField(max_digits=10, decimal_places=4, default=0, help_text="euro per million tokens")
    cost_limit = models.DecimalField(max_digits=10, decimal_places=4, default=1, help_text="euro per plan")
    seconds_limit = models.PositiveIntegerField(default=120, help_text="seconds per plan, at most 240")
    active = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["active"], condition=models.Q(active=True), name="one_active_model"),
            models.CheckConstraint(condition=models.Q(seconds_limit__range=(1, 240)), name="model_seconds_1_to_240"),
        ]

    def __str__(self) -> str:
        return self.name


class ModelCall(models.Model):
    """One question to a model and what came of it; never the key, never more of the answer than the words say."""

    OUTCOMES = [(word, word) for word in ("used", "repaired", "refused", "failed", "timed out", "over the limit")]
    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="model_calls")
    purpose = models.CharField(max_length=20, help_text="facts, questions, methods, vote")
    model = models.CharField(max_length=200)
    outcome = models.CharField(max_length=16, choices=OUTCOMES)
    words = models.TextField(blank=True, help_text="what was wrong, or what was taken")
    input_tokens = models.PositiveIntegerField(default=0)
    output_tokens = models.PositiveIntegerField(default=0)
    cost = models.DecimalField(max_digits=10, decimal_places=6, default=0)
    seconds = models.FloatField(default=0)
    called_at = models.DateTimeField()

    class Meta:
        ordering = ["called_at"]

    def __str__(self) -> str:
        return f"{self.purpose}: {self.outcome}"
