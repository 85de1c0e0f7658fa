"""What was measured: one row a goal and day of measuring, so that SLOs have a history."""

from django.db import models

from apps.goals.models import Goal


class SloSample(models.Model):
    """One SLO check of the pool or of a goal (design §8): ratios between 0 and 1, null for 'not enough data'."""

    goal = models.ForeignKey(Goal, null=True, blank=True, on_delete=models.CASCADE, related_name="slo_samples")
    at = models.DateTimeField(db_index=True)
    parallelization = models.FloatField(null=True)
    overhead = models.FloatField(null=True)
    breached = models.BooleanField(default=False)

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.at:%F %T} {self.parallelization} {self.overhead}"
