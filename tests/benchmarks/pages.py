"""``make bench-pages``: the server's time for the main pages when a goal has 1,000 tasks, and the queries they take.

Runs on services and a database of its own, like the tests. A page above its aim is printed as missed, and the exit code
stays 0: a benchmark measures, ``tests/dashboard/test_page_queries.py`` asserts the queries.
"""

import os
import statistics
import sys
import time
from typing import Any

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

AIM_MS = 100
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "9"))


def main() -> int:
    import django

    from orchestrator_site.supervisor.services import Services
    from tests import database
    from tests.environment import this_environment

    environment = this_environment()
    services = Services(layout=environment.layout, durable=False)
    services.start()
    try:
        database.database_create(environment)
        django.setup()
        database.database_seed()
        _measure()
        database.database_drop(environment, environment.database)
    finally:
        services.stop()
    return 0


def _measure() -> None:
    from django.db import connections

    from tests import factories
    from tests.api.world import world_made
    from tests.dashboard.goals.test_costs import large
    from tests.dashboard.test_page_queries import PAGES

    owner = factories.person("owner", groups=("owners", "architects"))
    world = large(world_made(owner))
    print(f"{world.plan.tasks.count()} tasks; median of {ROUNDS}; aim {AIM_MS} ms")
    print(f"{'page':<16} {'ms':>7} {'worst':>7} {'queries':>8} {'KB':>6}")
    places = {"goal": world.goal.pk, "task": world.task.pk, "gate": world.gate.pk}
    for name, (path, _) in PAGES.items():
        _row(name, path.format(**places), owner)
    connections.close_all()


def _row(name: str, path: str, owner: Any) -> None:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(SERVER_NAME="localhost")
    client.force_login(owner, backend="django.contrib.auth.backends.ModelBackend")
    if client.get(path).status_code != 200:
        raise SystemExit(f"{path} was not answered with the page")
    took = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        answer = client.get(path)
        took.append(1000 * (time.perf_counter() - began))
    with CaptureQueriesContext(connection) as captured:
        client.get(path)
    median = statistics.median(took)
    verdict = "" if median <= AIM_MS else "missed"
    kilobytes = len(answer.content) / 1024
    print(f"{name:<16} {median:>7.0f} {max(took):>7.0f} {len(captured):>8} {kilobytes:>6.0f} {verdict}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
