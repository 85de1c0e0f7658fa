"""Every pair of statuses of every lifecycle, tried on a real row through the one door."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from apps.core import transitions
from apps.core.models import Event, Stateful
from apps.engine.lifecycle import LIFECYCLES, IllegalMove
from tests import factories

MAKE: Mapping[str, Callable[[str], Stateful]] = {
    "goal": lambda status: factories.goal(status=status),
    "plan": lambda status: factories.plan(factories.goal(), status=status),
    "task": lambda status: factories.task(factories.plan(factories.goal()), status=status),
    "attempt": lambda status: factories.attempt(factories.task(factories.started_plan()), status=status),
    "gate": lambda status: factories.gate(status=status),
    "condition": lambda status: factories.condition(status=status),
    "agent": lambda status: factories.agent(status=status),
    "escalation": lambda status: factories.escalation(status=status),
}
BEGINNINGS = [(thing, old) for thing, lifecycle in LIFECYCLES.items() for old in lifecycle.statuses]


def _status(thing: Stateful) -> str:
    return str(type(thing)._default_manager.values_list("status", flat=True).get(pk=thing.pk))


@pytest.mark.django_db
@pytest.mark.parametrize(("thing", "old"), BEGINNINGS)
def test_move_makes_each_legal_move_and_refuses_each_other(thing: str, old: str) -> None:
    row = MAKE[thing](old)
    told = Event.objects.count()
    for new in LIFECYCLES[thing].statuses:
        row.refresh_from_db()
        if not LIFECYCLES[thing].allows(old, new):
            with pytest.raises(IllegalMove, match=f"{old!r} can't become {new!r}"):
                transitions.move(row, new)
            assert (_status(row), Event.objects.count()) == (old, told)
            continue
        with transaction.atomic():
            transitions.move(row, new)
            assert (_status(row), row.status) == (new, new)
            event = Event.objects.order_by("-pk")[0]
            assert (event.data["from"], event.data["to"], event.subject) == (old, new, f"{thing}:{row.pk}")
            transaction.set_rollback(True)


@pytest.mark.django_db
@pytest.mark.parametrize(("thing", "old"), BEGINNINGS)
def test_move_many_makes_each_legal_move_and_leaves_each_other(thing: str, old: str) -> None:
    row = MAKE[thing](old)
    told = Event.objects.count()
    rows: Any = type(row)._default_manager.filter(pk=row.pk)
    for new in LIFECYCLES[thing].statuses:
        if not LIFECYCLES[thing].before(new):
            with pytest.raises(IllegalMove, match="can't become"):
                transitions.move_many(rows, new)
            continue
        with transaction.atomic():
            moved = transitions.move_many(rows, new)
            legal = LIFECYCLES[thing].allows(old, new)
            assert moved == ([row.pk] if legal else [])
            assert _status(row) == (new if legal else old)
            assert Event.objects.count() == told + legal
            transaction.set_rollback(True)


@pytest.mark.django_db
@pytest.mark.parametrize("thing", sorted(LIFECYCLES))
def test_the_database_knows_no_other_status(thing: str) -> None:
    row = MAKE[thing](LIFECYCLES[thing].initial)
    with pytest.raises(IntegrityError, match=f"{thing}_status_known"), transaction.atomic():
        type(row)._default_manager.filter(pk=row.pk).update(status="finished")


def test_each_lifecycle_is_tried() -> None:
    assert set(MAKE) == set(LIFECYCLES)
