"""Buttons of a goal: done, refused by the policy, refused by the state, pressed twice."""

import json
from urllib.parse import unquote

import pytest
from django.test import Client

from apps.core import clock, transitions
from apps.goals.models import Goal
from apps.inbox.models import Question
from apps.inbox.services import question_answer, question_ask
from tests.api.world import World
from tests.dashboard.goals.conftest import HTMX


def act(client: Client, world: World, key: str, htmx: bool = True, **data: str):
    return client.post(f"/goals/{world.goal.pk}/act/{key}", data, headers=HTMX if htmx else {})


def status(world: World) -> str:
    return Goal.objects.get(pk=world.goal.pk).status


def test_it_pauses_tells_and_has_the_head_read_again(owner: Client, world: World) -> None:
    world.start()
    response = act(owner, world, "pause")
    told = json.loads(response["HX-Trigger"])
    assert response.status_code == 204
    assert list(told) == ["toast", "live:changed"], "a target stays in force for what follows it"
    assert told["live:changed"] == {"target": "#goal-head"}
    assert status(world) == "paused"


def test_it_resumes(owner: Client, world: World) -> None:
    transitions.move(world.start().goal, "paused")
    act(owner, world, "resume")
    assert status(world) == "running"


def test_it_cancels_with_a_reason_and_goes_to_the_goal(owner: Client, world: World) -> None:
    response = act(owner, world, "cancel", why="Not needed.")
    assert response["HX-Redirect"] == f"/goals/{world.goal.pk}"
    assert status(world) == "cancelled"


def test_it_accepts_only_what_is_delivered(owner: Client, world: World) -> None:
    response = act(owner, world, "accept")
    assert response.status_code == 409
    assert "only a delivered goal can be accepted" in unquote(response["X-Problem"])


def test_it_plans_anew_what_failed(owner: Client, world: World) -> None:
    response = act(owner, world, "replan")
    assert response["HX-Redirect"].endswith("/plan")
    assert status(world) == "planning"


def test_an_illegal_move_is_a_sentence_and_no_fault(owner: Client, world: World) -> None:
    response = act(owner, world, "pause")
    assert response.status_code == 409
    assert "no longer fits" in unquote(response["X-Problem"])


def test_the_second_of_two_presses_is_told(owner: Client, world: World) -> None:
    world.start()
    assert act(owner, world, "pause").status_code == 204
    assert act(owner, world, "pause").status_code == 409


@pytest.mark.parametrize("key", ["start", "cancel", "accept", "replan"])
def test_an_operator_is_refused_with_words(operator: Client, world: World, key: str) -> None:
    response = act(operator, world, key)
    assert response.status_code == 403
    assert unquote(response["X-Problem"]).startswith("As operator you may not")
    assert status(world) == "proposed"


def test_without_htmx_the_words_stand_on_the_next_page(viewer: Client, world: World) -> None:
    response = act(viewer, world, "cancel", htmx=False)
    assert response.status_code == 302
    assert "As viewer you may not cancel a goal" in viewer.get(response["Location"]).content.decode()


def test_it_takes_posts_only(owner: Client, world: World) -> None:
    assert owner.get(f"/goals/{world.goal.pk}/act/pause").status_code == 405
    assert act(owner, world, "explode").status_code == 404


def test_it_needs_the_token_of_the_page(owner_person: object, world: World) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(owner_person)  # type: ignore[arg-type]
    assert act(strict, world, "cancel").status_code == 403
    assert status(world) == "proposed"


@pytest.fixture
def question(world: World) -> Question:
    return Question.objects.create(
        goal=world.goal, key="storage", text="Where?", default="sqlite", asked_at=clock.now()
    )


def answer(client: Client, question: Question, text: str):
    return client.post(f"/goals/{question.goal_id}/questions/{question.pk}", {"answer": text}, headers=HTMX)


def test_a_question_is_answered_and_the_list_shown_again(owner: Client, question: Question) -> None:
    response = answer(owner, question, "In files")
    assert 'id="goal-questions"' in response.content.decode()
    assert "In files" in response.content.decode()
    question.refresh_from_db()
    assert (question.answer, question.answered_by.username) == ("In files", "owner")  # type: ignore[union-attr]


def test_an_empty_answer_is_refused_with_words(owner: Client, question: Question) -> None:
    response = answer(owner, question, "  ")
    assert response.status_code == 422
    assert "in your own words" in unquote(response["X-Problem"])


def test_a_question_of_another_goal_is_not_there(owner: Client, question: Question, world: World) -> None:
    import uuid

    path = f"/goals/{uuid.uuid4()}/questions/{question.pk}"
    assert owner.post(path, {"answer": "x"}).status_code == 404


def test_a_plan_that_is_older_than_what_was_said_is_started_only_on_purpose(owner: Client, world: World) -> None:
    pages = (f"/goals/{world.goal.pk}", f"/goals/{world.goal.pk}/plan")
    for page in pages:
        text = owner.get(page).content.decode()
        assert "came after this plan was made" not in text
        assert "Start anyway" not in text
    question = question_ask(goal=world.goal, key="lending", text="For how long?", default="a week")
    question_answer(question=question, person=world.goal.owner, answer="a month")
    for page in pages:
        text = owner.get(page).content.decode()
        assert text.count("1 answer came after this plan was made") >= 2, "in a note, and before the click is taken"
        assert 'data-confirm-yes="Start anyway"' in text
        assert "/act/replan" in text
    act(owner, world, "start")
    assert status(world) == "running"
