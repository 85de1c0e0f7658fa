from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CoreConfig(AppConfig):
    name = "apps.core"
    label = "core"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from apps.core import grants  # noqa: PLC0415 - models are not loaded before ready()

        post_migrate.connect(grants.after_migrate, dispatch_uid="core.grants")
