"""PostgreSQL and Redis together: what Command Post stands on, and all that a test needs."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from orchestrator_site import connections, env
from orchestrator_site.private_files import write_private
from orchestrator_site.supervisor.layout import Layout, folders_make, layout_of
from orchestrator_site.supervisor.postgres import Postgres
from orchestrator_site.supervisor.process import Child
from orchestrator_site.supervisor.redis_server import redis_child, redis_start, redis_url
from orchestrator_site.supervisor.roles import APP, DATABASE, OWNER, SUPERUSER, roles_ensure
from orchestrator_site.supervisor.service_user import service_user


def _nothing(line: str) -> None:
    """Say nothing."""


@dataclass(slots=True)
class Services:
    """The services of one VAR_DIR. Those that the environment names are used as they are and never stopped.

    After ``start``: ``urls`` maps DATABASE_URL, DATABASE_OWNER_URL and REDIS_URL to addresses, and ``children`` are the
    processes that were started, in that order.
    """

    layout: Layout
    durable: bool = True
    say: Callable[[str], None] = _nothing
    urls: dict[str, str] = field(default_factory=dict)
    starters: dict[str, Callable[[], None]] = field(default_factory=dict)
    children: list[Child] = field(default_factory=list)
    superuser_url: str = ""

    def start(self) -> None:
        """Raises ConfigurationError when the machine is not as it must be, RuntimeError when a service won't start."""
        own_postgres = not env.url("DATABASE_URL", schemes=connections.POSTGRES_SCHEMES)
        own_redis = not env.url("REDIS_URL", schemes=connections.REDIS_SCHEMES)
        user = service_user() if own_postgres else None
        folders_make(self.layout, shared_with_service_user=user is not None)
        try:
            if own_postgres:
                self._postgres_start(Postgres(self.layout, user=user, durable=self.durable, say=self.say))
            else:
                self.urls |= {name: env.text(name) for name in ("DATABASE_URL", "DATABASE_OWNER_URL")}
            if own_redis:
                self._redis_start(redis_child(self.layout))
            else:
                self.urls["REDIS_URL"] = env.text("REDIS_URL")
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        for child in reversed(self.children):
            child.stop()

    def environment(self, *, owner: bool = False) -> dict[str, str]:
        """The environment for a program of ours. Only who migrates is told the owner's address."""
        variables = {**os.environ, **self.urls, "VAR_DIR": str(self.layout.var)}
        if not owner:
            variables.pop("DATABASE_OWNER_URL", None)
        return variables

    def _postgres_start(self, postgres: Postgres) -> None:
        self._watch(postgres.child, postgres.start)
        self.superuser_url = postgres.url(role=SUPERUSER, database="postgres")
        self.urls["DATABASE_OWNER_URL"] = postgres.url(role=OWNER, database=DATABASE)
        self.urls["DATABASE_URL"] = postgres.url(role=APP, database=DATABASE)
        roles_ensure(self.superuser_url, owner_url=self.urls["DATABASE_OWNER_URL"], app_url=self.urls["DATABASE_URL"])
        self._keep("DATABASE_URL", "DATABASE_OWNER_URL")

    def _redis_start(self, child: Child) -> None:
        self._watch(child, lambda: redis_start(self.layout, child))
        self.urls["REDIS_URL"] = redis_url(self.layout)
        self._keep("REDIS_URL")

    def _watch(self, child: Child, start: Callable[[], None]) -> None:
        self.children.append(child)
        self.starters[child.name] = start
        start()

    def _keep(self, *names: str) -> None:
        """For ``manage.py`` commands that a person runs beside us."""
        for name in names:
            write_private(connections.service_file(self.layout.var, name), self.urls[name])


def services_of(var_dir: Path, *, durable: bool = True, say: Callable[[str], None] = _nothing) -> Services:
    """The services of ``var_dir``, not yet started."""
    return Services(layout=layout_of(var_dir), durable=durable, say=say)
