"""Raw SQL as the role of the application, and what is expected of it."""

import uuid
from contextlib import contextmanager

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from apps.agents.models import Agent
from apps.core import clock
from apps.core.transitions import move
from apps.gates import guards, services
from apps.gates.models import Clearance
from apps.gates.services.rounds import gates_create
from apps.goals.models import Goal
from apps.tasks.models import Attempt, Plan, Task

SEAT = "the owner's group"


def sql(statement, params=()):
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return cursor.fetchall() if cursor.description else cursor.rowcount


def verify():
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    sql("SET CONSTRAINTS ALL DEFERRED")


@contextmanager
def _verified():
    yield
    verify()


@contextmanager
def refused(guard):
    """The statements inside, or the deferred guards after them, are refused by the guard of this name."""
    with pytest.raises(DatabaseError) as caught, transaction.atomic(), _verified():
        yield
    assert guards.guard_of(caught.value) == guard, caught.value


@contextmanager
def not_permitted():
    with pytest.raises(DatabaseError) as caught, transaction.atomic():
        yield
    assert isinstance(caught.value.__cause__, psycopg.errors.InsufficientPrivilege), caught.value


def make_task(world, phase, **extra):
    return Task.objects.create(
        goal=extra.pop("goal", world.goal),
        plan=extra.pop("plan", world.plan),
        key=f"task-{phase}-{uuid.uuid4()}",
        phase=phase,
        title="A task",
        capability="x.y",
        **extra,
    )


def attempt_insert(task, clearance_id, *, phase=None, goal_id=None):
    agent, _ = Agent.objects.get_or_create(slug="crew", defaults={"name": "Crew", "runtime": "local"})
    moment = clock.now()
    attempt = Attempt(
        task=task,
        goal_id=goal_id or task.goal_id,
        phase=phase or task.phase,
        clearance_id=clearance_id,
        agent=agent,
        number=1,
        revision=1,
        fence=Attempt.objects.filter(task=task).count() + 1,
        lease_until=moment,
        dispatched_at=moment,
    )
    attempt.save(force_insert=True)
    return attempt


def other_goal(world):
    goal = Goal.objects.create(title="Another goal", owner=world.owner, group=world.goal.group, created_at=clock.now())
    plan = Plan.objects.create(goal=goal, version=1, slots=5, created_at=clock.now())
    move(plan, "proposed")
    move(plan, "active")
    gates_create(goal=goal)
    return goal, plan, services.clearance_for_start(goal=goal, plan_id=plan.pk, person=world.owner)


def insert_clearance(round, *, phase=2, goal=None, seats=(), override=False, solo=None, rule=None):
    clearance = Clearance.objects.create(
        goal=goal or round.gate.goal,
        phase=phase,
        round=round,
        rule=round.rule if rule is None else rule,
        solo=round.solo if solo is None else solo,
        override=override,
        made_at=clock.now(),
    )
    for seat, vote in seats:
        sql(
            "INSERT INTO gates_clearanceseat (clearance_id, seat, vote_id, person_id) VALUES (%s, %s, %s, %s)",
            [clearance.pk, seat, vote.pk, vote.person_id],
        )
    return clearance


def force_passed(round):
    """What raw SQL can do: statuses are the application's to write. It opens nothing by itself."""
    sql("UPDATE gates_gate SET status = 'passed' WHERE id = %s", [round.gate_id])
    sql("UPDATE gates_round SET outcome = 'passed', decided_at = now() WHERE id = %s", [round.pk])
