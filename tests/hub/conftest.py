"""A pool with slots, a live worker, and an agent that does nothing: what allocation needs."""

import pytest

from apps.agents.models import Agent, AgentCapability
from apps.core import clock
from apps.hub import hints
from apps.tasks.models import Plan, Pool, Worker
from apps.tasks.services.pool import slots_ensure
from tests import factories


@pytest.fixture
def pool(db: None) -> Pool:
    # The seeded crew steps aside: these tests say who there is.
    AgentCapability.objects.all().delete()
    made = factories.pool()
    slots_ensure(pool=made)
    return made


@pytest.fixture
def worker(pool: Pool) -> Worker:
    return Worker.objects.create(name="here", capacity=10, seen_at=clock.database_now())


@pytest.fixture
def noop(pool: Pool) -> Agent:
    return factories.agent("noop", config={"entry": "noop"}, max_concurrent=50)


@pytest.fixture
def plan(db: None) -> Plan:
    made = factories.started_plan()
    made.critical_minutes = 10
    made.save(update_fields=["critical_minutes"])
    return made


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, list[object]]]:
    """The hints that would have been sent, instead of sending them."""
    told: list[tuple[str, list[object]]] = []
    monkeypatch.setattr(hints, "_first", lambda name: True)
    monkeypatch.setattr(hints, "_send", lambda task, args, queue: told.append((task, list(args))))
    return told
