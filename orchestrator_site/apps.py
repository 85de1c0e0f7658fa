from django.apps import AppConfig


class OrchestratorSiteConfig(AppConfig):
    """Installed for its management commands (``up``, ``services``, ``prepare``) only; it has no models."""

    name = "orchestrator_site"
    label = "orchestrator_site"
    verbose_name = "Command Post"
