"""What must hold before anything starts. Each check raises ConfigurationError with words that say how to mend it."""

import contextlib
import fcntl
import os
import socket
import sys
import time
from pathlib import Path

import psycopg

from orchestrator_site.env import ConfigurationError
from orchestrator_site.supervisor.layout import SOCKET_PATH_LIMIT, folder

PYTHON = (3, 11)
POSTGRES = 140000


def python_check(version: tuple[int, ...] = sys.version_info[:2]) -> None:
    if version < PYTHON:
        raise ConfigurationError(
            f"This is Python {'.'.join(map(str, version))}, but 3.11 or newer is needed. "
            "Install it and run `make run PYTHON=python3.11`."
        )


def var_dir_check(var_dir: Path, *, project: Path) -> None:
    """VAR_DIR must be a folder of its own, writable, on a file system with locks, permissions and hard links.

    Whether PostgreSQL's data is safe there can't be told from outside; what can be tried is tried.
    """
    if var_dir in {Path("/"), Path.home(), project, *project.parents}:
        raise ConfigurationError(
            f"VAR_DIR is {var_dir}, but must be a folder of its own. Set for example VAR_DIR={project}/var"
        )
    folder(var_dir, mode=0o711 if os.geteuid() == 0 else 0o700)
    probe = var_dir / f".probe.{os.getpid()}"
    linked = probe.with_suffix(".linked")
    try:
        with probe.open("w", encoding="utf-8") as stream:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            stream.write("probe")
            stream.flush()
            os.fsync(stream.fileno())
        probe.chmod(0o600)
        os.link(probe, linked)
        private = probe.stat().st_mode & 0o777 == 0o600
    except OSError as error:
        raise _unsuited(var_dir, error.strerror or str(error)) from error
    finally:
        for file in (probe, linked):
            with contextlib.suppress(OSError):
                file.unlink(missing_ok=True)
    if not private:
        raise _unsuited(var_dir, "it keeps no permissions")


def _unsuited(var_dir: Path, why: str) -> ConfigurationError:
    return ConfigurationError(
        f"VAR_DIR {var_dir} is unsuited: {why}. Give this user the right to write there, or set VAR_DIR to a folder "
        "on a local disk (not a network share or a FAT volume)."
    )


def socket_check(sockets: Path) -> None:
    """Bind a socket of the longest name that will be used there."""
    probe = sockets / f".probe.{os.getpid()}"
    longest = len(os.fsencode(sockets / "pg" / ".s.PGSQL.5432"))
    if longest > SOCKET_PATH_LIMIT:
        raise ConfigurationError(
            f"The socket path in {sockets} has {longest} bytes, but the kernel takes {SOCKET_PATH_LIMIT}. "
            "Set VAR_DIR (or TMPDIR) to a shorter path."
        )
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
            listener.bind(str(probe))
    except OSError as error:
        raise _unsuited(sockets, f"no socket can be made in it ({error.strerror or error})") from error
    finally:
        probe.unlink(missing_ok=True)


def port_check(host: str, port: int, *, seconds: float = 2.0) -> None:
    """The port must be free; a moment's patience for a web process that a crash of its supervisor is just ending."""
    limit = time.monotonic() + seconds
    while (reason := _port_refused(host, port)) and time.monotonic() < limit:
        time.sleep(0.1)
    if reason:
        raise ConfigurationError(
            f"Port {port} on {host} can't be used: {reason}. Stop the program that listens there, "
            f"or choose another port: PORT={port + 1 if port < 65535 else 8000} make run"
        )


def _port_refused(host: str, port: int) -> str:
    try:
        family, kind, number, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, number) as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
            listener.listen()  # macOS and Linux differ in whether bind alone refuses
    except OSError as error:
        return error.strerror or str(error)
    return ""


def database_check(app_url: str, owner_url: str, *, fsync_may_be_off: bool) -> None:
    """Both roles get in, the app's role can't change the shape of anything, and what is committed is on disk."""
    if not owner_url:
        raise ConfigurationError(
            "DATABASE_URL is set, but DATABASE_OWNER_URL is not. Two roles are needed: one that owns the database and "
            "migrates it, and one without rights to change its shape, as which everything runs. "
            "docs/configuration.md has the four SQL statements that make them."
        )
    _connected(owner_url, "DATABASE_OWNER_URL").close()
    with _connected(app_url, "DATABASE_URL") as connection:
        version = connection.info.server_version
        fsync = (connection.execute("SHOW fsync").fetchone() or ("",))[0]
        strong = (
            connection.execute(
                "SELECT rolsuper OR rolcreaterole OR pg_has_role(current_user, datdba, 'USAGE')"
                " FROM pg_roles, pg_database WHERE rolname = current_user AND datname = current_database()"
            ).fetchone()
            or (True,)
        )[0]
    if version < POSTGRES:
        raise ConfigurationError(f"PostgreSQL is version {version // 10000}, but 14 or newer is needed.")
    if strong:
        raise ConfigurationError(
            "The role in DATABASE_URL is a superuser or owns the database, so the quality gates could be bypassed. "
            "Use a plain role there, and the owner in DATABASE_OWNER_URL (docs/configuration.md)."
        )
    if fsync != "on" and not fsync_may_be_off:
        raise ConfigurationError(
            "PostgreSQL runs with fsync off: a power cut would lose what was acknowledged. "
            "Set fsync = on in postgresql.conf and restart it, or set ALLOW_FSYNC_OFF=1 if the data is for the bin."
        )


def _connected(url: str, name: str) -> psycopg.Connection:
    try:
        return psycopg.connect(url, connect_timeout=5, autocommit=True)
    except psycopg.Error as error:
        raise ConfigurationError(
            f"The database of {name} can't be reached: {str(error).strip()}. Check host, port, role and password."
        ) from error
