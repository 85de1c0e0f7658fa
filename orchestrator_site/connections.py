"""Where PostgreSQL and Redis are, and the forms in which Django, Celery and Channels want to hear it.

An address comes from the environment; else from the file that the supervisor wrote under ``VAR_DIR/services``, so that
``manage.py`` commands find the running services; else it is one that nothing answers, which commands that need no
database (``check``, ``makemigrations``) can live with.
"""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit, urlunsplit

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

from orchestrator_site import env

POSTGRES_SCHEMES = ("postgresql", "postgres")
REDIS_SCHEMES = ("redis", "rediss", "unix")

# Offsets from the database number in REDIS_URL. Hints, live signals and counters must not flush each other.
HINTS, LIVE, CACHE = 0, 1, 2


def service_file(var_dir: Path, name: str) -> Path:
    """``VAR_DIR/services/database_url`` for DATABASE_URL, and so on: mode 0600, one line."""
    return var_dir / "services" / name.lower()


def service_url(name: str, *, var_dir: Path, schemes: tuple[str, ...], absent: str) -> str:
    """The address called ``name``: from the environment, else as the supervisor left it, else ``absent``."""
    given = env.url(name, schemes=schemes)
    if given:
        return given
    try:
        return service_file(var_dir, name).read_text(encoding="utf-8").strip() or absent
    except OSError:
        return absent


def database_settings(url: str, *, pool_size: int = 0, application: str = "commandpost") -> dict[str, Any]:
    """One entry of Django's DATABASES. ``pool_size`` 0 means one connection a thread, closed after its request."""
    try:
        parts = conninfo_to_dict(url)
    except ProgrammingError:
        raise env.ConfigurationError(
            "DATABASE_URL can't be read as a PostgreSQL address. Write it as "
            "postgresql://commandpost:password@host:5432/commandpost, with special characters percent-encoded."
        ) from None  # its message repeats a part of the password
    options: dict[str, Any] = {"connect_timeout": 5, "application_name": application}
    named = {"user", "password", "host", "port", "dbname"}
    options |= {key: value for key, value in parts.items() if key not in named}
    if pool_size:
        # Health checks let a pooled connection survive a restart of the database.
        options["pool"] = {"min_size": 0, "max_size": pool_size, "timeout": 20, "max_idle": 120}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.get("dbname", ""),
        "USER": parts.get("user", ""),
        "PASSWORD": parts.get("password", ""),
        "HOST": parts.get("host", ""),
        "PORT": str(parts.get("port", "")),
        "OPTIONS": options,
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,
    }


def _redis_parts(url: str) -> tuple[str, str, int]:
    """Scheme, everything before the database number, the database number."""
    parts = urlsplit(url)
    if parts.scheme == "unix":
        query = parse_qs(parts.query)
        unknown = sorted(set(query) - {"db"})
        number = query.get("db", ["0"])[0]
        base = parts.path
    else:
        unknown = []
        number = parts.path.strip("/") or "0"
        base = urlunsplit((parts.scheme, parts.netloc, "", "", ""))
    if unknown or not number.isdecimal():
        raise env.ConfigurationError(
            "REDIS_URL must end with a database number and nothing else: redis://host:6379/0, or unix:///path/redis.sock?db=0"
        )
    return parts.scheme, base, int(number)


def redis_database(url: str) -> int:
    """The number of the first of the three databases in use."""
    return _redis_parts(url)[2]


def redis_url(url: str, offset: int) -> str:
    """For redis-py, Django's cache and channels-redis."""
    scheme, base, number = _redis_parts(url)
    return f"unix://{base}?db={number + offset}" if scheme == "unix" else f"{base}/{number + offset}"


def broker_url(url: str) -> str:
    """For Celery, whose name for a Redis behind a socket is a scheme of its own."""
    scheme, base, number = _redis_parts(url)
    return f"redis+socket://{base}?virtual_host={number + HINTS}" if scheme == "unix" else f"{base}/{number + HINTS}"
