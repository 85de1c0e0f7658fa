from django.apps import AppConfig


class HubConfig(AppConfig):
    name = "apps.hub"
    label = "hub"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from apps.hub import workers  # noqa: F401, PLC0415 - connects the signals of Celery workers
