"""``/healthz``: this process answers. ``/readyz``: it can also do its work, or says what is missing.

Both are answered before sessions, hosts and pages are thought of: a probe that knows only an address gets its answer.
"""

from collections.abc import Callable

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed, JsonResponse

from orchestrator_site import connections


class HealthMiddleware:
    """Answers the two addresses; everything else passes."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response
        self._answers = {"/healthz": healthz, "/readyz": readyz}

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer = self._answers.get(request.path_info)
        if answer is None:
            return self._get_response(request)
        return answer() if request.method in {"GET", "HEAD"} else HttpResponseNotAllowed(["GET", "HEAD"])


def healthz() -> JsonResponse:
    return JsonResponse({"status": "ok"})


def readyz() -> JsonResponse:
    """200 when every check is ``ok``; else 503. Sentences only: addresses and errors stay in the log."""
    checks = {"database": _database(), "redis": _redis()}
    ready = all(result == "ok" for result in checks.values())
    return JsonResponse({"status": "ok" if ready else "not ready", "checks": checks}, status=200 if ready else 503)


def _database() -> str:
    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return "PostgreSQL does not answer"
    return f"{len(missing)} migrations are missing: run manage.py migrate" if missing else "ok"


def _redis() -> str:
    try:
        client = redis.Redis.from_url(
            connections.redis_url(settings.REDIS_URL, connections.HINTS), socket_timeout=2, socket_connect_timeout=2
        )
        with client:
            client.ping()
    except (redis.RedisError, OSError):
        return "Redis does not answer"
    return "ok"
