"""``manage.py services``: PostgreSQL and Redis only, for work on the code."""

import signal
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from orchestrator_site.env import ConfigurationError
from orchestrator_site.supervisor import preflight
from orchestrator_site.supervisor.lock import only_one
from orchestrator_site.supervisor.services import services_of
from orchestrator_site.supervisor.signals import Stopped, signals_ignore, signals_raise


class Command(BaseCommand):
    help = "Start PostgreSQL and Redis under VAR_DIR until Ctrl-C; manage.py commands beside it find them."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        services = services_of(settings.VAR_DIR, durable=not settings.ALLOW_FSYNC_OFF, say=self.stdout.write)
        try:
            preflight.var_dir_check(settings.VAR_DIR, project=settings.BASE_DIR)
            with only_one(services.layout.lock, note="services only"), signals_raise():
                try:
                    services.start()
                    self.stdout.write(f"READY: {services.layout.var}")
                    self.stdout.flush()
                    while True:
                        signal.pause()
                except Stopped:
                    self.stdout.write("Stopping")
                finally:
                    signals_ignore()
                    services.stop()
        except (ConfigurationError, RuntimeError) as error:
            raise CommandError(str(error)) from error
