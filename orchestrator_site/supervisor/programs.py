"""The programs of one machine: web, three workers, sweeper. One table; ``run`` starts and watches what stands in it."""

import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

from orchestrator_site import env
from orchestrator_site.supervisor.layout import Layout
from orchestrator_site.supervisor.process import Child

# Threads that serve the hub's hints: they do set-based SQL.
HUB_THREADS = 2
# Threads that plan: each may wait for a model for minutes, and must keep neither the hub nor other goals waiting.
PLAN_THREADS = 8
WEB_CONNECTIONS = 20


def manage(*arguments: str) -> list[str]:
    return [sys.executable, "manage.py", *arguments]


def web_command(host: str, port: int) -> list[str]:
    return [
        *(sys.executable, "-m", "uvicorn", "orchestrator_site.asgi:application", "--host", host, "--port", str(port)),
        *("--timeout-graceful-shutdown", "5", "--ws", "websockets-sansio", "--lifespan", "off"),
        *("--no-access-log", "--no-server-header"),
    ]


def worker_command(node: str, *, queues: str, threads: int) -> list[str]:
    """Threads, not processes: a fifth of the memory, and what may hang or crash runs in a subprocess anyway."""
    return [
        *(sys.executable, "-m", "celery", "-A", "orchestrator_site.celery:app", "worker", "--hostname", node),
        *("--queues", queues, "--pool", "threads", "--concurrency", str(threads)),
        *("--without-gossip", "--without-mingle", "--loglevel", env.text("LOG_LEVEL", "INFO").upper()),
    ]


def worker_nodes(hostname: str) -> dict[str, str]:
    """Names under which the workers of this supervisor answer a ping."""
    return {name: f"{name}-{os.getpid()}@{hostname}" for name in ("hub", "plan", "agents")}


def programs(
    layout: Layout, *, project: Path, environment: Mapping[str, str], host: str, port: int, threads: int, hostname: str
) -> list[Child]:
    """In the order in which they start. They stop in the opposite one."""
    nodes = worker_nodes(hostname)

    def child(name: str, command: list[str], *, pool: int, seconds: float) -> Child:
        variables = {**environment, "PROCESS_NAME": name, "DB_POOL_SIZE": str(pool), "PYTHONUNBUFFERED": "1"}
        variables.pop("ADMIN_PASSWORD", None)
        return Child(
            name,
            command,
            log=layout.log(name),
            environment=variables,
            cwd=project,
            stop_signals=((signal.SIGTERM, seconds),),
        )

    hub = worker_command(nodes["hub"], queues="hub", threads=HUB_THREADS)
    plan = worker_command(nodes["plan"], queues="plan", threads=PLAN_THREADS)
    agents = worker_command(nodes["agents"], queues="agents", threads=threads)
    return [
        child("web", web_command(host, port), pool=WEB_CONNECTIONS, seconds=8),
        child("worker-hub", hub, pool=HUB_THREADS + 2, seconds=10),
        # What a model still thinks about is not waited for: another worker plans the goal anew.
        child("worker-plan", plan, pool=PLAN_THREADS + 2, seconds=5),
        child("worker-agents", agents, pool=threads + 2, seconds=10),
        child("sweeper", manage("sweeper"), pool=0, seconds=5),
    ]
