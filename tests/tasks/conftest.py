"""A plan that was started, and attempts in the states that the services meet."""

from collections.abc import Callable
from typing import Any

import pytest

from apps.tasks.models import Attempt, Plan, Task
from tests import factories


@pytest.fixture
def plan(db: None) -> Plan:
    return factories.started_plan()


Succeeded = Callable[..., tuple[Task, Attempt]]


@pytest.fixture
def merging(plan: Plan) -> Succeeded:
    """Makes a task that is merging, and the attempt that succeeded with it."""

    def make(key: str = "", **fields: Any) -> tuple[Task, Attempt]:
        task = factories.task(plan, key, status="merging", **fields)
        return task, factories.attempt(task, status="succeeded")

    return make
