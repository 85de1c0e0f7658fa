"""Replanning in the browser: the box, the draft's page with what it would do, one button."""

import re
from typing import Any

import pytest
from django.test import Client

from apps.gates.guards import verify_now
from apps.goals.models import Goal
from apps.planning import drafts
from apps.tasks.models import Plan
from tests.api.world import World
from tests.dashboard.goals.conftest import HTMX
from tests.hub.running import digest_of
from tests.planning.blueprints import blueprint


@pytest.fixture
def running(world: World) -> World:
    started = world.start()
    verify_now()
    return started


def draft_of(world: World, **changes: Any) -> Plan:
    made = blueprint()
    made["tasks"][0] |= changes
    return drafts.draft_create(
        goal=world.goal,
        origin="replan",
        base=Plan.objects.get(goal=world.goal, status="active"),
        blueprint=made,
        person=world.goal.owner,
        why="They <b>lend</b> books, too.",
    )


def text_of(client: Client, path: str, **headers: str) -> str:
    answer = client.get(path, headers=headers)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_the_box_is_there_only_while_the_goal_runs(owner: Client, world: World) -> None:
    path = f"/goals/{world.goal.pk}/plan"
    assert 'id="replan"' not in text_of(owner, path)
    world.start()
    verify_now()
    assert 'id="replan"' in text_of(owner, path)


def test_an_addition_is_kept_and_the_page_says_what_is_being_planned(owner: Client, running: World) -> None:
    path = f"/goals/{running.goal.pk}/replan"
    answer = owner.post(path, {"addition": "A reader lends.\r\nAnd returns.", "why": "It was forgotten."})
    assert answer.status_code == 302
    assert running.goal.briefs.get(number=2).text == "A reader lends.\nAnd returns."
    text = text_of(owner, f"/goals/{running.goal.pk}/plan")
    assert "A new version is being planned" in text
    assert "It was forgotten." in text


def test_words_brought_along_stand_in_the_box_escaped(owner: Client, running: World) -> None:
    carried = owner.post(
        f"/goals/{running.goal.pk}/replan/words", {"item_text": ["Lend <i>books</i>.", " "], "comment": "Please."}
    )
    text = text_of(owner, carried["Location"].partition("#")[0])
    assert "Lend &lt;i&gt;books&lt;/i&gt;.\nPlease.</textarea>" in text
    assert running.goal.briefs.count() == 1


def test_a_draft_shows_what_it_would_do(owner: Client, running: World) -> None:
    draft = draft_of(running, description="Otherwise.", title="Do it <otherwise>")
    page = text_of(owner, f"/goals/{running.goal.pk}/plan")
    assert f"/plans/{draft.pk}/activation" in page
    assert "They &lt;b&gt;lend&lt;/b&gt; books, too." in page
    text = text_of(owner, f"/plans/{draft.pk}/activation")
    assert all(words in text for words in ("Before and after", "1 changed", "Do it &lt;otherwise&gt;", "description"))
    assert "<form" in text
    assert "<html" not in text_of(owner, f"/plans/{draft.pk}/activation", **HTMX)


def test_looking_activates_nothing_and_one_click_does(owner: Client, running: World) -> None:
    draft = draft_of(running, description="Otherwise.")
    assert owner.get(f"/plans/{draft.pk}/activate").status_code == 405
    answer = owner.post(f"/plans/{draft.pk}/activate", {"digest": digest_of(draft)}, follow=True)
    assert "Version 2 is the plan now." in answer.content.decode()
    draft.refresh_from_db()
    assert (draft.status, Goal.objects.get(pk=running.goal.pk).status) == ("active", "running")


def test_a_click_on_what_has_changed_meanwhile_shows_what_it_is_now(owner: Client, running: World) -> None:
    draft = draft_of(running, description="Otherwise.")
    [digest] = re.findall(r'name="digest" value="(\w{64})"', text_of(owner, f"/plans/{draft.pk}/activation"))
    running.goal.gates.filter(phase=1).update(status="passed")
    answer = owner.post(f"/plans/{draft.pk}/activate", {"digest": digest})
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "has changed since you saw it" in text
    assert "QG-PHASE1. They have to pass once more" in text
    assert Plan.objects.get(pk=draft.pk).status == "draft"
    [again] = re.findall(r'name="digest" value="(\w{64})"', text)
    assert again != digest
    owner.post(f"/plans/{draft.pk}/activate", {"digest": again})
    assert Plan.objects.get(pk=draft.pk).status == "active"


def test_who_may_not_reads_why(operator: Client, viewer: Client, running: World) -> None:
    draft = draft_of(running, description="Otherwise.")
    for client in (operator, viewer):
        text = text_of(client, f"/plans/{draft.pk}/activation")
        assert 'id="why-activate"' in text
        client.post(f"/plans/{draft.pk}/activate", {"digest": digest_of(draft)})
        assert Plan.objects.get(pk=draft.pk).status == "draft"
        assert 'id="why-replan"' in text_of(client, f"/goals/{running.goal.pk}/plan")


def test_a_draft_of_an_older_version_says_so(owner: Client, running: World) -> None:
    first, second = draft_of(running, description="One."), draft_of(running, description="Two.")
    owner.post(f"/plans/{first.pk}/activate", {"digest": digest_of(first)})
    text = text_of(owner, f"/plans/{second.pk}/activation")
    assert "made from version 1, and version 2 is active by now" in text
    assert "They &lt;b&gt;lend" in text


def test_gates_that_reopen_and_whose_clearances_go_are_named(owner: Client, running: World) -> None:
    running.goal.gates.filter(phase=1).update(status="passed")
    text = text_of(owner, f"/plans/{draft_of(running, description='Otherwise.').pk}/activation")
    assert "QG-PHASE1. They have to pass once more" in text
