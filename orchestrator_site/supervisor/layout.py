"""What lies where under VAR_DIR."""

import hashlib
import os
import stat
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from orchestrator_site.env import ConfigurationError

# The kernel keeps a socket's path in 108 bytes with its final NUL; macOS in 104.
SOCKET_PATH_LIMIT = 107 if sys.platform == "linux" else 103
_POSTGRES_SOCKET = ".s.PGSQL.5432"


@dataclass(frozen=True, slots=True)
class Layout:
    """The folders and files of one installation. Make it with ``layout_of``, which chooses where sockets go."""

    var: Path
    sockets: Path

    @property
    def postgres_data(self) -> Path:
        return self.var / "postgres" / "data"

    @property
    def postgres_socket_dir(self) -> Path:
        return self.sockets / "pg"

    @property
    def redis_data(self) -> Path:
        return self.var / "redis"

    @property
    def redis_socket(self) -> Path:
        return self.sockets / "redis.sock"

    @property
    def services(self) -> Path:
        """Addresses and passwords of the services that run here, each a file of mode 0600."""
        return self.var / "services"

    @property
    def lock(self) -> Path:
        return self.var / "supervisor.lock"

    @property
    def admin_password(self) -> Path:
        return self.var / "admin_password"

    def log(self, name: str) -> Path:
        return self.var / "logs" / f"{name}.log"


def layout_of(var_dir: Path) -> Layout:
    """Sockets lie in ``VAR_DIR/run``; where that path is too long for one, in a short folder of our own in /tmp."""
    inside = var_dir / "run"
    longest = inside / "pg" / _POSTGRES_SOCKET
    if len(os.fsencode(longest)) <= SOCKET_PATH_LIMIT:
        return Layout(var=var_dir, sockets=inside)
    key = hashlib.sha256(os.fsencode(var_dir)).hexdigest()[:12]
    return Layout(var=var_dir, sockets=Path(tempfile.gettempdir()) / f"commandpost-{os.getuid()}-{key}")


def folder(path: Path, *, mode: int) -> None:
    """Make ``path`` a folder of this user with exactly ``mode``; never follow a link that others laid there."""
    try:
        path.mkdir(parents=True, exist_ok=True, mode=mode)
        found = path.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
            raise ConfigurationError(
                f"{path} is not a folder of this user, so nothing secret may lie in it. "
                "Remove it, or set VAR_DIR to another folder."
            )
        path.chmod(mode)
    except OSError as error:
        raise ConfigurationError(
            f"{path} can't be made: {error.strerror or error}. "
            "Give this user the right to write there, or set VAR_DIR to a folder of its own."
        ) from error


def folders_make(layout: Layout, *, shared_with_service_user: bool) -> None:
    """All folders. As root, PostgreSQL runs as another user, who may pass through VAR_DIR but not list it."""
    outer = 0o711 if shared_with_service_user else 0o700
    folder(layout.var, mode=outer)
    folder(layout.sockets, mode=outer)
    folder(layout.var / "postgres", mode=outer)
    for private in (layout.redis_data, layout.services, layout.var / "logs"):
        folder(private, mode=0o700)
