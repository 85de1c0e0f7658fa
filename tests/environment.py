"""The environment of a test process: temporary folders, a database and three Redis numbers that are its own.

The first process of a run (the controller, where xdist is used) chooses a folder and the services and leaves them in
variables whose names begin with ``TESTS_``; the others inherit them. Nothing is started here.
"""

import atexit
import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from orchestrator_site.connections import redis_url
from orchestrator_site.supervisor.layout import Layout, layout_of
from orchestrator_site.supervisor.postgres import role_url
from orchestrator_site.supervisor.redis_server import redis_url as own_redis_url
from orchestrator_site.supervisor.roles import APP, OWNER, SUPERUSER

REDIS_NUMBERS_EACH = 3
# What a developer may have set for their own installation, and tests must not see.
_CLEARED = (
    *("HOST", "PORT", "PUBLIC_URL", "ALLOWED_HOSTS", "ADMIN_USERNAME", "ADMIN_PASSWORD", "DB_ROLE", "DB_POOL_SIZE"),
    *("PROCESS_NAME", "LOG_LEVEL", "LOG_FORMAT", "WORKER_CONCURRENCY", "ALLOW_UNISOLATED"),
)


@dataclass(frozen=True, slots=True)
class TestEnvironment:
    """Addresses of one test process. ``admin_url`` may create databases; ``owned`` says that we start the servers."""

    __test__ = False

    root: Path
    worker: str
    database: str
    app_url: str
    owner_url: str
    admin_url: str
    redis_url: str
    owns_postgres: bool
    owns_redis: bool

    @property
    def layout(self) -> Layout:
        return layout_of(self.root / "services")

    @property
    def template(self) -> str:
        return self.database.removesuffix(self.worker) + "template"

    def variables(self) -> dict[str, str]:
        """What ``orchestrator_site.settings`` reads, here and in any program that a test starts."""
        return {
            **dict.fromkeys(_CLEARED, ""),
            "VAR_DIR": str(self.root / f"var-{self.worker}"),
            "SECRET_KEY": "only-for-tests-and-never-for-anything-else-0123456789",
            "DATABASE_URL": self.app_url,
            "DATABASE_OWNER_URL": self.owner_url,
            "REDIS_URL": self.redis_url,
            "ALLOW_FSYNC_OFF": "1",
        }


def this_environment() -> TestEnvironment:
    """That of this process; the first call in a run decides for all."""
    root = Path(_shared("TESTS_ROOT", _root_made))
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    layout = layout_of(root / "services")
    # Given from outside, or empty: then it is our own.
    app = _shared("TESTS_APP_URL", lambda: os.environ.get("DATABASE_URL", ""))
    owner = _shared("TESTS_OWNER_URL", lambda: os.environ.get("DATABASE_OWNER_URL", ""))
    redis = _shared("TESTS_REDIS_URL", lambda: os.environ.get("REDIS_URL", ""))
    name = f"test_{root.name.removeprefix('cp-tests-')}_{worker}".lower()
    return TestEnvironment(
        root=root,
        worker=worker,
        database=name,
        app_url=at_database(app or role_url(layout, role=APP, database=name), name),
        owner_url=at_database(owner or role_url(layout, role=OWNER, database=name), name),
        admin_url=owner or role_url(layout, role=SUPERUSER, database="postgres"),
        redis_url=redis_url(redis or own_redis_url(layout), REDIS_NUMBERS_EACH * _number(worker)),
        owns_postgres=not app,
        owns_redis=not redis,
    )


def at_database(url: str, name: str) -> str:
    """``url`` with another database."""
    before, mark, after = url.partition("?")
    return f"{before.rpartition('/')[0]}/{name}{mark}{after}"


def _number(worker: str) -> int:
    """0 for a run without workers, else 1 for gw0 and so on."""
    digits = worker.removeprefix("gw")
    return int(digits) + 1 if digits.isdecimal() else 0


def _root_made() -> str:
    root = tempfile.mkdtemp(prefix="cp-tests-")
    maker = os.getpid()

    def remove() -> None:
        if os.getpid() == maker:  # not in a fork
            shutil.rmtree(root, ignore_errors=True)

    atexit.register(remove)
    return root


def _shared(name: str, make: Callable[[], str]) -> str:
    if name not in os.environ:
        os.environ[name] = make()
    return os.environ[name]
