"""An agent asks to have its task split, through the sandbox and the worker: the task waits, people get a draft."""

import json
from typing import Any

import pytest

from apps.agents import runtimes
from apps.agents.models import Agent
from apps.agents.runtimes.local.crew import CrewRuntime
from apps.agents.sandbox.launch import python
from apps.core.errors import Conflict
from apps.hub import actions, execution, packets
from apps.hub.advance import advance
from apps.hub.allocation import allocate
from apps.inbox.models import Escalation
from apps.planning import drafts
from apps.tasks.models import Attempt, Plan, Task
from apps.tasks.services.files import current_tree
from tests.hub.running import CAPABILITY, Running, blueprint, plan_activate, work

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sent")]

PARTS: list[dict[str, Any]] = [
    {"title": "The first half", "produces": ["half.txt"], "likely": 1},
    {"title": "The rest", "produces": ["a.txt"], "consumes": ["half.txt"], "acceptance": ["It is whole."]},
]


@pytest.fixture
def running() -> Running:
    made = Running.begin(blueprint(work("a", 1), work("b", 1, "a"), work("c", 2, "b")))
    Agent.objects.filter(pk=made.agent.pk).update(config={"entry": "crew"})
    return made


@pytest.fixture
def says(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The agent prints these events, as a program of its own in the sandbox, and leaves a file behind."""

    def install(*events: Any) -> None:
        def make(config: Any, surroundings: Any) -> CrewRuntime:
            runtime = CrewRuntime(surroundings)
            lines = [one if isinstance(one, str) else json.dumps(one) for one in events]
            program = f"open('left.txt', 'w').write('x'); print({chr(10).join(lines)!r})"
            runtime.command = [python(), "-c", program]
            return runtime

        monkeypatch.setitem(runtimes.REGISTRY, "local", make)

    return install


def asks(**changes: Any) -> dict[str, Any]:
    return {"type": "task.needs_decomposition", "reason": "It is two things.", "tasks": PARTS, **changes}


def run_a() -> Attempt:
    [attempt] = [one for one in allocate() if one.task.key == "a"]
    execution.run([attempt.pk])
    return Attempt.objects.get(pk=attempt.pk)


def draft_of(running: Running) -> Plan:
    return Plan.objects.get(goal=running.goal, status="draft")


def test_the_task_waits_for_people_who_get_a_draft(running: Running, says: Any) -> None:
    says({"type": "task.started"}, asks())
    attempt = run_a()
    task = running.task("a")
    assert (attempt.status, task.status, task.wait_reason) == ("waiting", "waiting", "person")
    assert "It is two things." in task.wait_detail
    draft = draft_of(running)
    assert (draft.origin, draft.why, draft.base_id, draft.drafted_by) == (
        "decomposition", "It is two things.", running.plan.pk, None,
    )  # fmt: skip
    titles = [row["title"] for row in drafts.blueprint_of(draft)["tasks"]]
    assert titles == ["The first half", "The rest", "Do b", "Do c"]
    raised = Escalation.objects.get(goal=running.goal)
    assert (raised.kind, raised.task_id, raised.status) == ("decomposition", task.pk, "open")
    assert f"version {draft.version}" in raised.what_to_do
    assert "left.txt" not in current_tree(running.goal.pk)
    assert not Attempt.objects.filter(status__in=["dispatched", "running"]).exists()


def test_activating_replaces_the_task_by_its_parts(running: Running, says: Any) -> None:
    says(asks())
    run_a()
    plan_activate(plan=draft_of(running), person=running.person)
    assert running.statuses() == {"a.1": "ready", "a.2": "blocked", "b": "blocked", "c": "blocked"}
    assert Escalation.objects.get(goal=running.goal).status == "expired"
    for key in ("a.1", "a.2", "b"):
        running.finish(key)
    assert running.statuses()["b"] == "completed"


def test_discarding_makes_it_ready_again_with_the_hand_off(running: Running, says: Any) -> None:
    says(asks())
    run_a()
    actions.draft_discard(plan=draft_of(running), person=running.person)
    advance(goal_id=running.goal.pk)
    assert running.task("a").status == "ready"
    assert Escalation.objects.get(goal=running.goal).status == "expired"
    [again] = allocate()
    [handed] = packets.packets_for([Attempt.objects.select_related("task", "agent", "goal").get(pk=again.pk)])[
        again.pk
    ]["handoff"]
    assert (handed["outcome"], handed["attempt"]) == ("waiting", 1)
    assert "It is two things." in handed["error"]


def test_nothing_is_released_while_people_think(running: Running, says: Any) -> None:
    says(asks())
    run_a()
    advance(goal_id=running.goal.pk)
    assert running.task("a").status == "waiting"


def test_another_plan_that_is_activated_sets_the_task_free(running: Running, says: Any) -> None:
    says(asks())
    run_a()
    split = draft_of(running)
    other = running.draft(blueprint(work("a", 1), work("b", 1, "a"), work("c", 2, "b"), work("d", 2)))
    plan_activate(plan=other, person=running.person)
    split.refresh_from_db()
    assert (running.task("a").status, split.status) == ("ready", "discarded")
    assert Escalation.objects.get(goal=running.goal).status == "expired"


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (asks(tasks=[PARTS[0]]), "2 to 12 tasks"),
        (asks(tasks="all of them"), "2 to 12 tasks"),
        (asks(tasks=[{**PARTS[0], "agent": "me"}, PARTS[1]]), "some of"),
        (asks(tasks=[{**PARTS[0], "likely": -1}, PARTS[1]]), "minutes"),
        (asks(tasks=[{"title": " ", "produces": ["a.txt"]}, PARTS[1]]), "title"),
        (asks(reason=""), "'reason'"),
        (asks(tasks=[{"title": "x", "produces": [1]}, PARTS[1]]), "list of at most"),
        # What the plan's own rules refuse, in their words.
        (asks(tasks=[{**PARTS[0], "produces": ["../../etc/passwd"]}, PARTS[1]]), "can't be"),
        (asks(tasks=[PARTS[0], {**PARTS[1], "produces": ["else.txt"]}]), "No part makes a.txt"),
        (asks(tasks=[{**PARTS[0], "consumes": ["a.txt"]}, PARTS[1]]), "can't be"),
        (asks(tasks=[{**PARTS[0], "capability": "world.domination"}, PARTS[1]]), "can't be"),
        (asks(tasks=[{**PARTS[0], "consumes": ["nobody/makes.this"]}, PARTS[1]]), "can't be"),
    ],
)
def test_what_can_not_be_is_a_failed_attempt_and_no_draft(
    running: Running, says: Any, event: dict[str, Any], words: str
) -> None:
    says(event)
    attempt = run_a()
    assert attempt.status == "failed"
    assert words in attempt.error
    assert running.task("a").status == "retrying"
    assert not Plan.objects.filter(status="draft").exists()
    assert not Escalation.objects.exists()


def test_the_parts_are_work_of_agents_that_there_are(running: Running, says: Any) -> None:
    says(asks())
    run_a()
    capabilities = {row["capability"] for row in drafts.blueprint_of(draft_of(running))["tasks"]}
    assert capabilities == {CAPABILITY}
    assert not Task.objects.filter(plan=draft_of(running)).exists()


def test_resolved_by_hand_it_is_tried_again_with_the_words_and_the_draft_is_gone(running: Running, says: Any) -> None:
    says(asks())
    run_a()
    draft, raised = draft_of(running), Escalation.objects.get(goal=running.goal)
    actions.escalation_resolve(escalation=raised, person=running.person, resolution="Leave the report out for now.")
    draft.refresh_from_db()
    assert (draft.status, running.task("a").status, running.task("a").wait_reason) == ("discarded", "ready", "slot")
    assert Escalation.objects.get(pk=raised.pk).status == "resolved"
    [again] = allocate()
    [handed] = packets.packets_for([Attempt.objects.select_related("task", "agent", "goal").get(pk=again.pk)])[
        again.pk
    ]["handoff"]
    assert "It is two things." in handed["error"]
    assert f"{running.person} said: Leave the report out for now." in handed["error"]


def test_resolving_it_after_the_split_was_activated_changes_nothing(running: Running, says: Any) -> None:
    says(asks())
    run_a()
    raised = Escalation.objects.get(goal=running.goal)
    plan_activate(plan=draft_of(running), person=running.person)
    before = running.statuses()
    with pytest.raises(Conflict):
        actions.escalation_resolve(escalation=raised, person=running.person, resolution="Leave it.")
    assert (running.statuses(), running.plan.version) == (before, 2)
