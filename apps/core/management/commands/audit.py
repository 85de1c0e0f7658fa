"""``manage.py audit verify`` and ``manage.py audit checkpoint``."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.core import checkpoints
from apps.core.errors import Conflict


class Command(BaseCommand):
    help = "Verify the audit chain and its signed checkpoints, or sign the chain's head."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        actions.add_parser("verify", help="walk the whole chain; exit 1 and name the first bad link if there is one")
        actions.add_parser("checkpoint", help="sign the chain's head into VAR_DIR/audit/checkpoints.jsonl")

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        try:
            {"verify": self._verify, "checkpoint": self._checkpoint}[action]()
        except Conflict as error:
            raise CommandError(error.detail) from error

    def _verify(self) -> None:
        report = checkpoints.verify()
        if report.bad:
            raise CommandError(f"Link {report.bad} is the first bad one: {report.reason}.")
        if report.bad is not None:
            raise CommandError(f"The checkpoints can't be trusted. {report.reason}.")
        self.stdout.write(f"{report.chain.checked} links hold; the head is {report.chain.head}.")
        self.stdout.write(f"{report.checkpoints} checkpoints agree with the chain.")

    def _checkpoint(self) -> None:
        made = checkpoints.checkpoint_write()
        if made is None:
            self.stdout.write("The audit chain is empty: there is nothing to sign.")
            return
        self.stdout.write(f"Link {made.seq} {made.digest} was signed on {made.at}.")
        self.stdout.write(f"Public key: {checkpoints.public_key()}")
