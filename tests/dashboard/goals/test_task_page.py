"""The page of a task: attempts, ladder, packet, salvage, and what people do with it."""

import uuid
from typing import Any
from urllib.parse import unquote

import pytest
from django.test import Client

from apps.agents.models import Agent
from apps.agents.registry import capabilities_set
from apps.core import clock, transitions
from apps.hub.actions.tasks import consumers_of
from apps.tasks.models import Attempt, Task
from apps.tasks.selectors import consumers_unfinished
from tests.api.world import World
from tests.dashboard.goals.conftest import HTMX


def page(client: Client, task: Task) -> str:
    return client.get(f"/tasks/{task.pk}").content.decode()


def act(client: Client, task: Task, key: str, **data: str):
    return client.post(f"/tasks/{task.pk}/act/{key}", data, headers=HTMX)


def failed(attempt: Attempt, **fields: Any) -> Attempt:
    return transitions.move(attempt, "failed", finished_at=clock.now(), **fields)


def escalated(world: World) -> Task:
    attempt = world.start().attempt()
    failed(attempt, error="FAIL: <b>it broke</b>")
    task = world.task
    return transitions.move(task, "escalated", wait_reason="person", wait_detail="4 attempts failed.")


def test_it_shows_what_is_known(owner: Client, world: World) -> None:
    attempt = world.start().attempt()
    text = page(owner, attempt.task)
    for words in (
        "Do p1-0",
        "What p1-0 is about.",
        "p1-0 is there.",
        "the only one",
        "task_packet/1",
        "work/p1-0.txt",
        "Do p2-0",
    ):
        assert words in text
    assert f'data-live-topic="goal:{world.goal.pk}"' in text


def test_the_ladder_shows_where_it_stands(owner: Client, world: World) -> None:
    text = page(owner, escalated(world))
    assert '<li class="tone-human" aria-current="step"><span class="rung-name">People</span>' in text
    assert "4 attempts failed." in text
    assert "FAIL: &lt;b&gt;it broke&lt;/b&gt;" in text


def test_it_marks_work_that_was_not_isolated_and_keeps_salvage(owner: Client, world: World) -> None:
    attempt = world.start().attempt()
    Attempt.objects.filter(pk=attempt.pk).update(isolated=False, salvage={"summary": "too <late>"})
    text = page(owner, attempt.task)
    assert "Not isolated" in text
    assert "too &lt;late&gt;" in text


def test_it_is_tried_again(owner: Client, world: World) -> None:
    task = escalated(world)
    assert act(owner, task, "retry").status_code == 204
    task.refresh_from_db()
    assert (task.status, task.revision) == ("ready", 2)


def test_it_is_given_to_another_agent_that_can_do_it(owner: Client, world: World) -> None:
    other = Agent.objects.create(slug="other", name="Other", runtime="local", status="active")
    capabilities_set(agent=other, capabilities=["backend.feature"])
    task = escalated(world)
    assert 'value="other"' in page(owner, task)
    assert act(owner, task, "reassign", agent="other")["HX-Redirect"] == f"/tasks/{task.pk}"
    task.refresh_from_db()
    assert (task.wanted_agent, task.status) == (other, "ready")


@pytest.mark.parametrize("slug", ["", "nobody", "a\x00b"])
def test_an_unknown_agent_is_refused_with_words(owner: Client, world: World, slug: str) -> None:
    response = act(owner, escalated(world), "reassign", agent=slug)
    assert response.status_code == 422
    assert "Choose an agent from the list." in unquote(response["X-Problem"])


def test_cancelling_shows_the_consumers_and_takes_them_along(owner: Client, world: World) -> None:
    task = escalated(world)
    assert "6 tasks that need its output go along" in page(owner, task)
    act(owner, task, "cancel", why="Not wanted.")
    assert set(Task.objects.values_list("status", flat=True)) == {"cancelled"}


def test_the_consumers_shown_are_those_that_go(owner: Client, world: World) -> None:
    world.start()
    for task in world.plan.tasks.all():
        assert {one.pk for one in consumers_unfinished(task=task)} == set(consumers_of(task.pk))


def test_an_escalated_task_is_skipped(owner: Client, world: World) -> None:
    task = escalated(world)
    act(owner, task, "skip")
    task.refresh_from_db()
    assert task.status == "skipped"


def test_buttons_that_do_not_fit_say_why(owner: Client, viewer: Client, world: World) -> None:
    world.start()
    assert "It is neither escalated nor backing off." in page(owner, world.task)
    assert "Only an escalated task can be skipped." in page(owner, world.task)
    assert "As viewer you may not cancel a task" in page(viewer, world.task)


@pytest.mark.parametrize("key", ["retry", "cancel", "skip", "reassign"])
def test_a_viewer_is_refused(viewer: Client, world: World, key: str) -> None:
    response = act(viewer, escalated(world), key, agent="builder")
    assert response.status_code == 403
    assert "As viewer you may not" in unquote(response["X-Problem"])


def test_what_does_not_fit_the_state_is_refused(owner: Client, world: World) -> None:
    world.start()
    response = act(owner, world.task, "retry")
    assert response.status_code == 409
    assert "one that is escalated or backing off can be tried again" in unquote(response["X-Problem"])


@pytest.mark.parametrize("name", ["task-head", "task-body"])
def test_each_fragment_brings_its_own_element(owner: Client, world: World, name: str) -> None:
    text = owner.get(f"/tasks/{world.task.pk}/fragment/{name}", headers=HTMX).content.decode()
    assert text.count(f'id="{name}"') == 1
    assert "<html" not in text


def test_what_is_unknown_is_not_there(owner: Client, world: World) -> None:
    assert owner.get(f"/tasks/{uuid.uuid4()}").status_code == 404
    assert owner.get(f"/tasks/{world.task.pk}/fragment/nothing").status_code == 404
    assert act(owner, world.task, "explode").status_code == 404
    assert owner.get(f"/tasks/{world.task.pk}/act/retry").status_code == 405
    assert Client().get(f"/tasks/{world.task.pk}").status_code == 302
