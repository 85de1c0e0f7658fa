"""The one list of what needs a person, and its badge."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.core import clock
from apps.core.transitions import move
from apps.goals.models import Goal
from apps.inbox import selectors, services
from apps.tasks.models import Task

pytestmark = pytest.mark.django_db


def kinds(items):
    return [item.kind for item in items]


def running(goal):
    for status in ("planning", "proposed", "running"):
        move(goal, status)
    return goal


def test_an_open_gate_needs_who_can_fill_its_seat_and_others_wait(world):
    world.open_round(1)
    [item] = selectors.tab(world.owner, "needs_you")
    assert (item.kind, item.title, item.goal_title) == (
        "gate",
        "QG-PHASE1 Requirements approval",
        "A library of seeds",
    )
    [other] = selectors.tab(world.architect, "waiting")
    assert sorted(other.waits_for) == ["admin", "owner", "teammate"]
    assert selectors.badge_count(world.owner) == 1
    assert selectors.badge_count(world.architect) == 0


def test_after_my_vote_it_no_longer_needs_me(world):
    world.clear(7)
    world.open_round(7)
    assert selectors.badge_count(world.teammate) == 1
    world.vote(world.teammate, 7)
    assert selectors.badge_count(world.teammate) == 0
    assert "quality" in selectors.tab(world.teammate, "waiting")[0].waits_for
    assert selectors.badge_count(world.owner) == 0, "the submitter does not count towards a rule of two"


def test_a_decided_gate_is_among_the_decided_of_who_voted(world):
    world.start()
    world.open_round(1)
    world.vote(world.owner, 1)
    world.settle(1)
    [item] = selectors.tab(world.owner, "decided")
    assert item.status == "passed"
    assert item.text.startswith("owner approved this round on")
    assert selectors.tab(world.teammate, "decided") == []


def test_questions_and_escalations_need_whoever_may_answer(world):
    running(world.goal)
    services.question_ask(goal=world.goal, key="storage", text="Where to?", default="A file.")
    services.escalation_raise(goal=world.goal, kind="task_failed", key="k", text="It failed.", what_to_do="Retry.")
    assert kinds(selectors.tab(world.operator, "needs_you")) == ["escalation", "question"]
    assert selectors.badge_count(world.viewer) == 0
    assert selectors.inbox(world.viewer).counts == {"needs_you": 0, "waiting": 2, "all": 2}


def test_the_order_is_escalated_overdue_cost_of_delay_age(world):
    goals = [world.goal]
    for number in range(3):
        goals.append(
            Goal.objects.create(
                title=f"Goal {number}", owner=world.owner, group=world.goal.group, created_at=clock.now()
            )
        )
    start = clock.now()
    for hours, goal in enumerate(goals):
        other = type(world)(people=world.people, goal=goal, plan=None)
        from apps.gates import services as gates

        gates.gates_create(goal=goal)
        with clock.at(start + timedelta(minutes=hours)):
            other.open_round(1)
    from apps.tasks.models import Plan

    plan = Plan.objects.create(goal=goals[3], version=1, slots=5, created_at=start)
    move(move(plan, "proposed"), "active")
    Task.objects.create(goal=goals[3], plan=plan, key="t", phase=2, title="t", capability="c", bottom_level=90)
    late = goals[2].gates.get(phase=1).rounds.get()
    late.due_at = start - timedelta(hours=1)
    late.save(update_fields=["due_at"])
    services.escalation_raise(goal=None, kind="slo", key="slo:pool", text="The pool misses its targets.")
    with clock.at(start + timedelta(hours=1)):
        found = selectors.tab(world.owner, "all")
    assert [item.goal_title for item in found] == ["", "Goal 1", "Goal 2", "A library of seeds", "Goal 0"]
    assert found[0].why_here.startswith("Escalated")
    assert found[1].why_here.startswith("Past its deadline")
    assert "90 min of the critical path wait for it" in found[2].why_here
    assert found[3].why_here == "Waiting for 60 min."


def test_an_overdue_gate_that_was_escalated_is_listed_once(world):
    round = world.open_round(1)
    services.escalation_raise(goal=world.goal, kind="overdue", key=f"overdue:{round.pk}", text="Late.")
    [item] = selectors.tab(world.owner, "all")
    assert (item.kind, item.escalated) == ("gate", True)


def queries(action):
    with CaptureQueriesContext(
        connection,
    ) as captured:
        action()
    return len(captured)


def test_the_number_of_queries_does_not_grow_with_the_list(world):
    running(world.goal)
    world.open_round(1)
    services.question_ask(goal=world.goal, key="q0", text="?", default="d")
    services.escalation_raise(goal=world.goal, kind="slo", key="e0", text="t")
    few = queries(lambda: selectors.inbox(world.owner))
    for number in range(2, 7):
        world.open_round(number)
        services.question_ask(goal=world.goal, key=f"q{number}", text="?", default="d")
        services.escalation_raise(goal=world.goal, kind="slo", key=f"e{number}", text="t")
    assert queries(lambda: selectors.inbox(world.admin)) == few
    assert len(selectors.inbox(world.owner).items) == 18
    assert queries(lambda: selectors.badge_count(world.owner)) == few


def test_the_decided_tab_takes_a_fixed_number_of_queries(world):
    world.start()
    world.open_round(1)
    world.vote(world.admin, 1)
    world.settle(1)
    few = queries(lambda: selectors.decided(world.admin))
    world.open_round(2)
    world.vote(world.admin, 2)
    world.settle(2)
    assert queries(lambda: selectors.decided(world.admin)) == few
    assert len(selectors.decided(world.admin)) == 2
