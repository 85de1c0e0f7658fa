"""``manage.py sweeper``: finds what is due. Any number may run; one leads, the others wait to take over."""

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, connection

from apps.hub import sweeping
from apps.hub.locks import SWEEPER, session_lock

STANDBY_SECONDS = 2.0


class Command(BaseCommand):
    help = "Find what is due: leases, lost hints, back-offs, undo windows, deadlines, SLOs."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="run every sweep once and stop")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["once"]:
            sweeping.sweep_once()
            return
        ended = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: ended.set())
        while not ended.is_set():
            try:
                with session_lock(SWEEPER) as leads:
                    if leads:
                        self._lead(ended)
            except DatabaseError as error:
                self.stderr.write(f"The database can't be reached; trying again: {error}")
                connection.close()
            ended.wait(STANDBY_SECONDS)

    def _lead(self, ended: threading.Event) -> None:
        sweeper = sweeping.Sweeper()
        while not ended.is_set():
            pause = sweeper.turn()
            # A connection that was lost took the leader's lock with it: say so and apply again.
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
            ended.wait(min(pause, STANDBY_SECONDS))
