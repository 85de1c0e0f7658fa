"""`manage.py verify_deliverable FILE`: exit code 0 when everything fits, 1 with the first problem in words."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from apps.delivery.verify import verify


class Command(BaseCommand):
    help = "Verify a final_deliverable.zip offline and name the first thing that is wrong."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="path of the zip")

    def handle(self, *args: Any, **options: Any) -> None:
        verdict = verify(options["file"])
        if not verdict.ok:
            self.stderr.write(verdict.first_problem)
            sys.exit(1)
        counted = verdict.counted
        self.stdout.write(
            f"Verified: {counted['files']} files ({counted['workspace_files']} in the workspace, "
            f"{counted['bytes']:,} bytes), {counted['gates']} gates passed."
        )
