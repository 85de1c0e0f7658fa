"""A goal is planned: facts, questions, approaches, a proposed plan; or it fails with words."""

import threading
from decimal import Decimal
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from apps.core import clock, transitions
from apps.core.errors import Conflict
from apps.core.models import Event
from apps.goals.intake import Constraints
from apps.goals.services import goal_create
from apps.inbox.models import Escalation, Question
from apps.planning import selectors, services, understanding
from apps.planning.models import MethodLibrary
from apps.planning.services import goal_plan, plan_from_approach
from apps.planning.versions import library_seed
from apps.tasks.models import Approach, Exploration, Plan, Task
from tests.goals.conftest import lead

__all__ = ["lead"]
pytestmark = pytest.mark.django_db

WEB = "A web application for a library. A librarian can add a book, search books and lend a book. It must be fast."
TOOL = "A command-line tool that renames photos. A user can list photos, rename photos and undo a renaming."


def submitted(person, brief=WEB, title="Books", **constraints):
    goal = goal_create(person=person, title=title, brief=brief.encode(), constraints=Constraints(**constraints))
    return transitions.move(goal, "planning")


def planned(person, *args, **kwargs):
    goal = submitted(person, *args, **kwargs)
    goal_plan(goal_id=goal.pk)
    goal.refresh_from_db()
    return goal


def proposed(*, goal) -> Any:
    return selectors.proposed_plan(goal=goal)


def test_it_proposes_the_plan_of_the_best_of_several_approaches(lead):
    goal = planned(lead)
    assert (goal.status, goal.failure) == ("proposed", "")
    assert goal.facts["kind"] == "web_application"
    approaches = list(selectors.approaches(goal=goal))
    assert len(approaches) >= 3
    assert [approach.number for approach in approaches if approach.chosen] == [1]
    for approach in approaches:
        assert set(approach.scores) == {"total", "time", "cost", "risk", "fit"}
        assert all(0 <= score <= 1 for score in approach.scores.values())
    keys = [{task["key"] for task in one.blueprint["tasks"]} for one in Approach.objects.filter(goal=goal)]
    assert all(keys.count(one) == 1 for one in keys)
    plan = proposed(goal=goal)
    assert plan.approach == approaches[0]
    assert {task.key for task in plan.tasks.all()} in keys
    assert Exploration.objects.get(goal=goal).why


def test_every_task_knows_its_place_and_its_worth(lead):
    plan = proposed(goal=planned(lead))
    tasks = {task.pk: task for task in plan.tasks.all()}
    for task in tasks.values():
        assert task.rice == pytest.approx(task.reach * task.impact * task.confidence / task.effort)
        assert task.optimistic <= task.likely <= task.pessimistic
        assert task.status == "blocked"
        assert set(task.reasons) >= {"reach", "impact", "confidence", "effort"}
        assert task.unmet == task.in_edges.count()
        assert task.planned_finish <= plan.minutes + 1e-6
    for edge in plan.edges.all():
        producer, consumer = tasks[edge.producer_id], tasks[edge.consumer_id]
        assert edge.artifact in producer.produces
        assert edge.artifact in consumer.consumes
        assert producer.planned_finish <= consumer.planned_start + 1e-6


def test_tasks_follow_the_brief(lead):
    few = planned(lead, "A web application. A user can add a note.")
    many = planned(
        lead, "A web application. A user can add, edit, delete, search, sort, print, share, tag and archive notes."
    )
    assert Task.objects.filter(goal=many).count() >= Task.objects.filter(goal=few).count() + 7


def test_a_command_line_tool_has_no_frontend_and_says_why(lead):
    goal = planned(lead, TOOL)
    assert goal.facts["kind"] == "command_line_tool"
    plan = proposed(goal=goal)
    assert not plan.tasks.filter(phase=5).exists()
    assert "no pages" in plan.notes["5"]


def test_at_most_five_questions_each_with_a_default(lead):
    goal = planned(lead)
    questions = Question.objects.filter(goal=goal)
    assert 1 <= questions.count() <= 5
    assert all(question.default and question.changes for question in questions)


def test_an_answer_pins_the_choice_when_it_is_planned_anew(lead):
    goal = planned(lead)
    question = Question.objects.get(goal=goal, key="storage")
    question.answer, question.answered_by, question.answered_at = "files", lead, clock.now()
    question.save()
    transitions.move_many(Plan.objects.filter(goal=goal), "discarded")
    transitions.move(goal, "planning")
    goal_plan(goal_id=goal.pk)
    plan = proposed(goal=goal)
    assert plan.version == 2
    assert plan.approach.choices["storage"] == "files"
    assert Question.objects.filter(goal=goal, key="storage").count() == 1


def test_a_second_call_changes_nothing(lead):
    goal = planned(lead)
    before = Event.objects.filter(stream=goal.pk).count()
    goal_plan(goal_id=goal.pk)
    assert Event.objects.filter(stream=goal.pk).count() == before
    assert (Exploration.objects.count(), Plan.objects.count()) == (1, 1)


def test_a_goal_that_is_not_planning_is_left_alone(lead):
    goal = goal_create(person=lead, title="Books", brief=WEB.encode(), constraints=Constraints())
    goal_plan(goal_id=goal.pk)
    goal.refresh_from_db()
    assert goal.status == "draft"


@pytest.mark.django_db(transaction=True)
def test_concurrent_calls_make_one_plan(lead):
    library_seed()
    goal = submitted(lead)
    barrier = threading.Barrier(3)

    def work():
        barrier.wait(10)
        goal_plan(goal_id=goal.pk)
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert (Exploration.objects.count(), Plan.objects.count()) == (1, 1)


def test_limits_that_leave_no_approach_fail_the_goal_with_words(lead):
    goal = planned(lead, WEB + " It must not use Python, SQLite, files or memory.", budget=Decimal("0.01"))
    assert goal.status == "failed"
    assert goal.failure
    escalation = Escalation.objects.get(goal=goal)
    assert (escalation.kind, escalation.status) == ("plan_failed", "open")
    assert goal.failure in escalation.text
    assert not Plan.objects.exists()


def test_an_unexpected_error_fails_the_goal_and_is_in_the_log(lead, monkeypatch, caplog):
    def broken(*_):
        raise RuntimeError("a detail")

    monkeypatch.setattr(services, "plan", broken)
    goal = planned(lead)
    assert goal.status == "failed"
    assert "a detail" not in goal.failure
    assert "a detail" in caplog.text


def test_a_failing_database_is_not_the_goal_s_fault(lead, monkeypatch):
    def gone(*_):
        raise OperationalError("the connection is gone")

    monkeypatch.setattr(services, "plan", gone)
    goal = submitted(lead)
    with pytest.raises(OperationalError):
        goal_plan(goal_id=goal.pk)
    goal.refresh_from_db()
    assert goal.status == "planning"


def test_planning_anew_after_a_failure_closes_its_escalation(lead, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(services, "plan", lambda *_: (_ for _ in ()).throw(ValueError("no way")))
        goal = planned(lead)
    assert goal.failure == "no way"
    transitions.move(goal, "planning")
    goal_plan(goal_id=goal.pk)
    goal.refresh_from_db()
    assert (goal.status, goal.failure) == ("proposed", "")
    assert Escalation.objects.get(goal=goal).status == "expired"


def test_choosing_another_approach(lead):
    goal = planned(lead)
    other = selectors.approaches(goal=goal)[1]
    plan = plan_from_approach(approach=other)
    assert (plan.status, plan.version, plan.approach) == ("proposed", 2, other)
    assert plan_from_approach(approach=other) == plan
    transitions.move(plan, "active")
    transitions.move(goal, "running")
    with pytest.raises(Conflict, match="running"):
        plan_from_approach(approach=other)


def test_planning_takes_the_same_number_of_statements_for_any_number_of_tasks(lead, monkeypatch):
    # Questions are asked one by one, and there are at most five: they are left out here.
    monkeypatch.setattr(understanding, "questions_settle", lambda *, explored, **_: explored.facts)
    library_seed()
    counts, tasks = [], []
    for brief in (TOOL, TOOL, TOOL + " A user can sort, print, share, tag, archive, crop, rotate and mail photos."):
        goal = submitted(lead, brief)
        with CaptureQueriesContext(connection) as captured:
            goal_plan(goal_id=goal.pk)
        counts.append(len(captured))
        tasks.append(Task.objects.filter(goal=goal).count())
    assert tasks[2] > tasks[1]
    assert counts[1] == counts[2]


def test_the_library_is_seeded_once_and_a_person_s_version_stays(lead):
    first = library_seed()
    assert (first.version, first.active) == (1, True)
    assert library_seed() == first
    first.digest = "0" * 64
    first.save()
    second = library_seed()
    assert (second.version, MethodLibrary.objects.get(active=True)) == (2, second)
    MethodLibrary.objects.filter(pk=second.pk).update(digest="1" * 64, changed_by=lead)
    assert library_seed() == second


def test_the_goal_s_own_weights_beam_and_depth_are_planned_with(lead):
    goal = submitted(lead)
    goal.planning = {"beam": 3, "depth": 2, "weights": {"time": 0, "cost": 100, "risk": 0, "fit": 0}}
    goal.save()
    goal_plan(goal_id=goal.pk)
    tree = Exploration.objects.get(goal=goal).tree
    assert (tree["asked"], tree["depth"], tree["weights"]) == (
        3, 2, {"time": 0.0, "cost": 1.0, "risk": 0.0, "fit": 0.0}
    )  # fmt: skip
    costs = [approach.cost for approach in selectors.approaches(goal=goal)]
    assert costs[0] == min(costs)
