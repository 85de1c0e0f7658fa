"""``manage.py draw_states``: write ``docs/states.md`` from the tables."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.core import diagrams


class Command(BaseCommand):
    help = "Draw docs/states.md from the lifecycles' tables."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if the page is out of date")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        file = Path(settings.BASE_DIR) / "docs" / "states.md"
        page = diagrams.page()
        if check:
            if not file.exists() or file.read_text(encoding="utf-8") != page:
                raise CommandError("docs/states.md is out of date. Run: python manage.py draw_states")
            self.stdout.write("docs/states.md is up to date.")
            return
        file.write_text(page, encoding="utf-8")
        self.stdout.write(f"{file.name} was drawn.")
