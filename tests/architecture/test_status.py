"""One door for a status: nothing but ``core.transitions`` writes one."""

import ast

import pytest

from apps.engine.lifecycle import LIFECYCLES
from tests.architecture.sources import modules
from tests.architecture.status_writes import STATEFUL, status_writes

# The door itself, and a pipe that is called so inside the sandbox, where there are no models.
DOOR = {"apps/core/transitions.py", "apps/core/models.py", "apps/agents/sandbox/supervise.py"}

WRITES = [
    "goal.status = 'running'",
    "self.task.status: str = 'ready'",
    "goal.status, x = 'running', 1",
    "setattr(goal, 'status', 'running')",
    "object.__setattr__(goal, 'status', 'running')",
    "Task.objects.filter(pk=1).update(status='ready')",
    "tasks.update(**{'status': 'ready'})",
    "Task.objects.bulk_update(rows, ['revision', 'status'])",
    "Task.objects.bulk_update(rows, fields=('status',))",
    "Task.objects.bulk_create(rows, update_fields=['status'])",
    "Goal.objects.update_or_create(pk=1, defaults={'status': 'x'})",
    "task.save(update_fields=['status'])",
    "Goal.objects.create(title='x', status='running')",
    "Attempt(task=task, status='running')",
    "cursor.execute('UPDATE tasks_task SET unmet = 1, status = %s')",
    "cursor.execute('''INSERT INTO x VALUES (1) ON CONFLICT (id) DO UPDATE SET status = 'y' ''')",
]
READS = [
    "status = goal.status",
    "Task.objects.filter(status='ready').update(shed=True)",
    "Task.objects.get_or_create(key='x', status='open')",
    "Escalation.objects.get(key='x', status='open')",
    "Agent(slug='x', status=Agent.lifecycle.initial)",
    "GateView(status=goal.status)",
    "rows.values_list('pk', 'status')",
    "row |= {'status': gate.status}",
    "cursor.execute('UPDATE tasks_task SET unmet = 1 WHERE status = %s')",
    "JsonResponse({}, status=200)",
]


@pytest.mark.parametrize("code", WRITES)
def test_a_write_is_seen(code: str) -> None:
    assert list(status_writes(ast.parse(code))) == [1]


@pytest.mark.parametrize("code", READS)
def test_a_read_is_left_alone(code: str) -> None:
    assert list(status_writes(ast.parse(code))) == []


@pytest.mark.parametrize("folder", ["apps", "orchestrator_site"])
def test_no_status_is_written_past_the_door(folder: str) -> None:
    found = [
        f"{name}:{line}"
        for name, tree in modules(f"{folder}/")
        if name not in DOOR and "/migrations/" not in name
        for line in status_writes(tree)
    ]
    assert found == []


def test_each_thing_with_a_lifecycle_is_looked_for() -> None:
    assert {name.lower() for name in STATEFUL} == set(LIFECYCLES)
