"""``manage.py up``: start everything, watch it, stop it cleanly."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from orchestrator_site.env import ConfigurationError
from orchestrator_site.supervisor.run import Options, Supervisor


class Command(BaseCommand):
    help = "Start PostgreSQL, Redis, web, workers and sweeper; stop them all with Ctrl-C."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--follow-parent", action="store_true", help="stop when the process that started this one is gone"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        chosen = Options(
            var_dir=settings.VAR_DIR,
            project=settings.BASE_DIR,
            host=settings.HOST,
            port=settings.PORT,
            public_url=settings.PUBLIC_URL,
            threads=settings.WORKER_CONCURRENCY,
            admin_username=settings.ADMIN_USERNAME,
            fsync_may_be_off=settings.ALLOW_FSYNC_OFF,
            follow_parent=options["follow_parent"],
        )
        try:
            Supervisor(chosen, say=self._say).run()
        except (ConfigurationError, RuntimeError) as error:
            raise CommandError(str(error)) from error

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
