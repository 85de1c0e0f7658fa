"""``manage.py up``: everything that one machine runs, from nothing to READY, and down again in order."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from orchestrator_site.supervisor import preflight
from orchestrator_site.supervisor.lock import only_one
from orchestrator_site.supervisor.process import Child, dies_with_parent
from orchestrator_site.supervisor.programs import manage, programs, worker_nodes
from orchestrator_site.supervisor.ready import wait_for_ready
from orchestrator_site.supervisor.services import Services, services_of
from orchestrator_site.supervisor.signals import Stopped, signals_ignore, signals_raise
from orchestrator_site.supervisor.watch import Watched


@dataclass(frozen=True, slots=True)
class Options:
    """What ``up`` needs to know; read from the settings by the command."""

    var_dir: Path
    project: Path
    host: str
    port: int
    public_url: str
    threads: int
    admin_username: str
    fsync_may_be_off: bool = False
    follow_parent: bool = False


class Supervisor:
    """Runs until a signal. ``say`` prints one line for a person."""

    def __init__(self, options: Options, *, say: Callable[[str], None]) -> None:
        self._options = options
        self._say = say
        self._services: Services = services_of(options.var_dir, durable=not options.fsync_may_be_off, say=say)
        self._programs: list[Child] = []
        self._parent = os.getppid()
        self._begun = time.monotonic()

    def run(self) -> None:
        """Blocks. Raises ConfigurationError or RuntimeError when the start fails, with nothing left running."""
        options = self._options
        preflight.python_check()
        preflight.var_dir_check(options.var_dir, project=options.project)
        layout = self._services.layout
        with only_one(layout.lock, note=f"at {options.public_url}"), signals_raise():
            try:
                self._start()
                self._watch()
            except Stopped:
                self._say("Stopping")
            finally:
                self._stop()

    def _start(self) -> None:
        options = self._options
        preflight.port_check(options.host, options.port)
        self._say("PostgreSQL and Redis")
        self._services.start()
        preflight.socket_check(self._services.layout.sockets)
        urls = self._services.urls
        preflight.database_check(
            urls["DATABASE_URL"], urls["DATABASE_OWNER_URL"], fsync_may_be_off=options.fsync_may_be_off
        )
        self._say("Migrations")
        self._step("migrate", owner=True)
        password_known = self._services.layout.admin_password.exists()
        self._say("Static files, seeds, first admin")
        self._step("prepare", owner=False)
        self._say("Web, workers, sweeper")
        self._programs = self._programs_made()
        for child in self._programs:
            child.start()
        wait_for_ready(
            host=options.host,
            port=options.port,
            redis_url=urls["REDIS_URL"],
            nodes=set(worker_nodes(socket.gethostname()).values()),
            children=self._programs,
        )
        self._announce(new_password=not password_known)

    def _programs_made(self) -> list[Child]:
        options = self._options
        return programs(
            self._services.layout,
            project=options.project,
            environment=self._services.environment(),
            host=options.host,
            port=options.port,
            threads=options.threads,
            hostname=socket.gethostname(),
        )

    def _step(self, command: str, *, owner: bool) -> None:
        """One management command, in a process of its own because our own settings know no database."""
        arguments = (
            ["migrate", "--no-input", "--verbosity", "0", "--skip-checks"] if command == "migrate" else [command]
        )
        done = subprocess.run(
            manage(*arguments),
            cwd=self._options.project,
            env=self._services.environment(owner=owner),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            preexec_fn=dies_with_parent(signal.SIGKILL),
        )
        if done.returncode:
            raise RuntimeError(f"manage.py {command} failed:\n{done.stdout.strip()}")
        if done.stdout.strip():
            self._say(done.stdout.strip())

    def _announce(self, *, new_password: bool) -> None:
        layout, options = self._services.layout, self._options
        if new_password and layout.admin_password.exists():
            password = layout.admin_password.read_text(encoding="utf-8").strip()
            self._say(
                f"First sign-in: {options.admin_username} / {password}   (shown once; kept in {layout.admin_password})"
            )
        self._say(f"Logs are in {layout.var / 'logs'}. Ctrl-C stops everything.")
        self._say(f"READY after {time.monotonic() - self._begun:.1f} s: {options.public_url}")

    def _watch(self) -> None:
        watched = [
            *(Watched(child, self._services.starters[child.name], self._say) for child in self._services.children),
            *(Watched(child, child.start, self._say) for child in self._programs),
        ]
        turns = 0
        while not (self._options.follow_parent and os.getppid() != self._parent):
            for one in watched:
                one.look()
            turns += 1
            if turns % 240 == 0:  # once a minute
                for one in watched:
                    one.child.log_trim()
            time.sleep(0.25)
        self._say("The parent process is gone")

    def _stop(self) -> None:
        """Sweeper, workers, web, Redis, PostgreSQL."""
        signals_ignore()
        for child in reversed(self._programs):
            child.stop()
        self._services.stop()
        self._say("Stopped")
