"""Orders that people added: an edge without an artifact is waited for like any other, and hands nothing over."""

from typing import Any

import pytest

from apps.hub.actions.tasks import consumers_of, task_cancel
from apps.hub.foreseeing import foresee
from apps.tasks.models import Plan
from apps.tasks.services.completion import consumers_reopen
from tests.hub.running import Running, blueprint, plan_activate, work

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sent")]

TASKS = (work("a", 1), work("b", 1), work("c", 1, "a"), work("d", 2, "b"))


def ordered(*pairs: tuple[str, str], **changes: dict[str, Any]) -> dict[str, Any]:
    """The plan with these orders, and some tasks changed."""
    made = blueprint(*[{**task, **changes.get(task["key"], {})} for task in TASKS])
    made["edges"] += [{"producer": first, "consumer": second, "artifact": ""} for first, second in pairs]
    return made


def seen(running: Running, draft: Plan) -> Any:
    return foresee(goal=running.goal, draft=draft, standing=running.plan)


def test_it_is_waited_for_and_let_go() -> None:
    running = Running.begin(ordered(("b", "a")))
    assert (running.task("a").unmet, running.statuses()["a"]) == (1, "blocked")
    running.finish("b")
    assert (running.task("a").unmet, running.statuses()["c"]) == (0, "blocked")
    running.finish("a", "c")
    assert running.statuses()["c"] == "completed"


def test_a_cancelled_task_frees_who_only_comes_after_it() -> None:
    running = Running.begin(ordered(("b", "a")))
    assert consumers_of(running.task("b").pk) == [running.task("d").pk]
    task_cancel(task=running.task("b"), person=running.person)
    assert running.statuses() == {"a": "ready", "b": "cancelled", "c": "blocked", "d": "cancelled"}


def test_a_new_plan_brings_an_order_and_takes_it_away() -> None:
    running = Running.begin(ordered())
    assert running.statuses()["a"] == "ready"
    draft = running.draft(ordered(("b", "a")))
    assert seen(running, draft).difference.empty
    plan_activate(plan=draft, person=running.person)
    assert (running.task("a").unmet, running.statuses()["a"]) == (1, "blocked")
    plan_activate(plan=running.draft(ordered()), person=running.person)
    assert running.task("a").unmet == 0


def test_finished_work_is_not_done_again_for_an_order() -> None:
    running = Running.begin(ordered(("b", "a")))
    running.finish("b", "a", "c")
    draft = running.draft(ordered(("b", "a"), b={"description": "Otherwise."}))
    foreseen = seen(running, draft)
    assert [task.key for task in foreseen.reopened] == ["b"]
    assert foreseen.perhaps == (), "neither a nor c reads what b makes"
    plan_activate(plan=draft, person=running.person)
    running.finish("b", text="Something else.")
    assert {running.statuses()[key] for key in "abc"} == {"completed"}
    assert consumers_reopen(task=running.task("b"), changed_paths=["b.txt"]) == []


def test_what_was_given_up_is_not_taken_up_for_an_order() -> None:
    running = Running.begin(ordered())
    task_cancel(task=running.task("b"), person=running.person)
    draft = running.draft(ordered(("b", "a"), a={"description": "Otherwise."}))
    assert seen(running, draft).outlook.fresh == {}
    plan_activate(plan=draft, person=running.person)
    assert (running.statuses()["b"], running.task("a").unmet) == ("cancelled", 0)
