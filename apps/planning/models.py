"""The method library as it stands in this installation."""

from django.conf import settings
from django.db import models


class MethodLibrary(models.Model):
    """One version of the method library; the newest active one plans."""

    version = models.PositiveIntegerField(unique=True)
    content = models.TextField(help_text="YAML")
    digest = models.CharField(max_length=64)
    active = models.BooleanField(default=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
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
