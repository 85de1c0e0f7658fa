"""When it may be said that Command Post is ready: the web answers, and every worker answers a ping."""

import http.client
import time
from collections.abc import Collection

from celery import Celery

from orchestrator_site.connections import broker_url
from orchestrator_site.supervisor.process import Child

_SECONDS = 90.0


def wait_for_ready(*, host: str, port: int, redis_url: str, nodes: set[str], children: Collection[Child]) -> None:
    """Raises RuntimeError with the end of a log when a child dies on the way, or when it takes too long."""
    limit = time.monotonic() + _SECONDS
    with Celery(broker=broker_url(redis_url), set_as_current=False) as client:
        waits_for_web, silent = True, set(nodes)
        while waits_for_web or silent:
            for child in children:
                if not child.running:
                    raise RuntimeError(f"{child.name} ended with code {child.exit_code}:\n{child.last_lines()}")
            if time.monotonic() > limit:
                missing = (["web"] if waits_for_web else []) + sorted(silent)
                raise RuntimeError(f"No answer within {_SECONDS:.0f} s from: {', '.join(missing)}. See the logs.")
            waits_for_web = waits_for_web and not web_answers(host, port)
            if silent:
                silent -= answering_nodes(client)
            else:
                time.sleep(0.1)


def web_answers(host: str, port: int) -> bool:
    reachable = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - asked, not bound
    connection = http.client.HTTPConnection(reachable, port, timeout=2)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def answering_nodes(client: Celery, *, seconds: float = 0.5) -> set[str]:
    answers = client.control.ping(timeout=seconds) or []
    return {node for answer in answers for node in answer}
