"""Every pair of statuses of gates, conditions and escalations, through the one door."""

import pytest

from apps.core import clock
from apps.core.errors import StaleState
from apps.core.transitions import move
from apps.engine.lifecycle import CONDITION, ESCALATION, GATE, IllegalMove
from apps.gates.models import Condition, Gate
from apps.inbox.models import Escalation

pytestmark = pytest.mark.django_db


def a_gate(world, status):
    Gate.objects.filter(goal=world.goal, phase=1).update(status=status)
    return world.gate(1)


def a_condition(world, status):
    world.open_round(1)
    row = Condition.objects.create(
        goal=world.goal, round=world.gate(1).rounds.get(), text="t", owner=world.owner, due_phase=2
    )
    Condition.objects.filter(pk=row.pk).update(status=status)
    return Condition.objects.get(pk=row.pk)


def an_escalation(world, status):
    row = Escalation.objects.create(goal=world.goal, kind="slo", key="k", text="t", raised_at=clock.now())
    Escalation.objects.filter(pk=row.pk).update(status=status)
    return Escalation.objects.get(pk=row.pk)


CASES = [
    pytest.param(make, old, new, allowed, id=f"{lifecycle.thing}:{old}-{new}")
    for lifecycle, make in ((GATE, a_gate), (CONDITION, a_condition), (ESCALATION, an_escalation))
    for old, new, allowed in lifecycle.pairs()
]


@pytest.mark.parametrize(("make", "old", "new", "allowed"), CASES)
def test_only_moves_of_the_table_are_made(world, make, old, new, allowed):
    thing = make(world, old)
    if allowed:
        assert move(thing, new).status == new
    else:
        with pytest.raises(IllegalMove):
            move(thing, new)
    assert type(thing).objects.get(pk=thing.pk).status == (new if allowed else old)


def test_a_move_from_a_status_that_is_gone_is_a_lost_race(world):
    seen, again = world.gate(1), world.gate(1)
    move(again, "reviewing")
    with pytest.raises(StaleState):
        move(seen, "reviewing")
