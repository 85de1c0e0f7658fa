"""The intake page: facts with their sentences, corrections, questions answered or skipped."""

from typing import Any

import pytest
from django.test import Client

from apps.goals.models import Goal
from apps.goals.selectors import brief_text
from apps.inbox.models import Question
from apps.planning.services import goal_plan
from apps.tasks.models import Plan

BRIEF = "A web app. Members can add a tool with a name and a place, list tools and delete tools. No JavaScript."
CLEAR = "Write a research report on heat pumps. Cover:\n- Costs\n- Noise\n- Subsidies"

pytestmark = pytest.mark.django_db


def submitted(client: Client, brief: str = BRIEF) -> Goal:
    client.post("/goals/new", {"title": "Tools", "brief": brief})
    return Goal.objects.get()


def page(client: Client, goal: Goal) -> str:
    return client.get(f"/goals/{goal.pk}/intake").content.decode()


def correct(client: Client, goal: Goal, fact: str, verb: str, value: str = "") -> Any:
    return client.post(f"/goals/{goal.pk}/facts", {"fact": fact, "verb": verb, "value": value})


def planned(goal: Goal) -> set[str]:
    goal_plan(goal_id=goal.pk)
    goal.refresh_from_db()
    return set(Plan.objects.get(goal=goal, status="proposed").tasks.values_list("key", flat=True))


def test_a_goal_with_questions_waits_at_the_intake(owner: Client) -> None:
    response = owner.post("/goals/new", {"title": "Tools", "brief": BRIEF})
    goal = Goal.objects.get()
    assert response["Location"] == f"/goals/{goal.pk}/intake"
    assert goal.status == "draft"
    shown = page(owner, goal)
    assert "Delete tools" in shown
    assert "“Members can add a tool with a name and a place, list tools and delete tools.”" in shown
    for question in Question.objects.filter(goal=goal):
        assert question.text in shown
        assert f'name="answer-{question.key}" value="{question.default}" checked' in shown
    assert {q.key for q in Question.objects.filter(goal=goal)} == {"storage", "pages"}


def test_a_goal_without_questions_is_planned_at_once_and_its_intake_stays_reachable(owner: Client) -> None:
    response = owner.post("/goals/new", {"title": "Heat", "brief": CLEAR})
    goal = Goal.objects.get()
    assert response["Location"] == f"/goals/{goal.pk}/plan"
    assert goal.status == "planning"
    planned(goal)
    assert "Plan anew" in page(owner, goal)


def test_answers_are_followed_and_a_skipped_question_keeps_its_default(owner: Client) -> None:
    goal = submitted(owner)
    response = owner.post(f"/goals/{goal.pk}/intake", {"act": "plan", "answer-pages": "single-page"})
    assert response["Location"] == f"/goals/{goal.pk}/plan"
    keys = planned(goal)
    assert not any(key.startswith("feature-page-") for key in keys)
    storage = Question.objects.get(goal=goal, key="storage")
    assert (storage.answer, Question.objects.get(goal=goal, key="pages").answer) == ("", "single-page")
    approach = Plan.objects.get(goal=goal, status="proposed").approach
    assert approach is not None
    assert any(storage.text in text for text in approach.assumptions)


def test_skipping_leaves_every_question_to_its_default(owner: Client) -> None:
    goal = submitted(owner)
    owner.post(f"/goals/{goal.pk}/intake", {"act": "skip", "answer-pages": "single-page"})
    goal.refresh_from_db()
    assert goal.status == "planning"
    assert not Question.objects.filter(goal=goal).exclude(answer="").exists()


def test_corrections_are_kept_beside_the_brief_and_planned_with(owner: Client) -> None:
    goal = submitted(owner)
    correct(owner, goal, "feature:delete-tools", "drop")
    correct(owner, goal, "feature", "add", "Print a label for a tool")
    correct(owner, goal, "constraint:must_not", "drop", "No JavaScript")
    goal.refresh_from_db()
    assert [item["by"] for item in goal.corrections] == ["owner"] * 3
    assert brief_text(goal=goal) == BRIEF
    shown = page(owner, goal)
    assert "Added by a correction" in shown
    assert "The feature &#x27;delete-tools&#x27; is not wanted." in shown
    assert "feature:delete-tools" not in shown

    owner.post(f"/goals/{goal.pk}/intake", {"act": "skip"})
    keys = planned(goal)

    assert "feature-print-label" in keys
    assert "feature-delete-tools" not in keys
    assert not [c for c in goal.facts["constraints"] if c["kind"] == "must_not"]
    brief_tab = owner.get(f"/goals/{goal.pk}/brief").content.decode()
    assert "is not wanted." in brief_tab


def test_a_correction_of_the_kind_changes_which_questions_there_are(owner: Client) -> None:
    goal = submitted(owner)
    correct(owner, goal, "kind", "set", "report")
    goal.refresh_from_db()
    assert goal.facts["kind"] == "report"
    assert not Question.objects.filter(goal=goal).exists()
    assert "No answer would change the plan" in page(owner, goal)


def test_after_a_correction_a_proposed_plan_stands_until_planned_anew(owner: Client) -> None:
    goal = submitted(owner)
    owner.post(f"/goals/{goal.pk}/intake", {"act": "skip"})
    assert "feature-list-tools" in planned(goal)
    assert "The plan is older than this" not in page(owner, goal)

    correct(owner, goal, "feature:list-tools", "drop")
    assert "The plan is older than this" in page(owner, goal)
    assert "feature:list-tools" not in page(owner, goal)
    owner.post(f"/goals/{goal.pk}/act/replan")

    assert "feature-list-tools" not in planned(goal)
    assert "The plan is older than this" not in page(owner, goal)


@pytest.mark.parametrize(
    ("fact", "verb", "value", "words"),
    [
        ("kind", "set", "castle", "The kind is one of"),
        ("feature:nothing", "drop", "", "This changes nothing"),
        ("feature", "add", "   ", "on one line"),
        ("feature", "add", "list tools", "This changes nothing"),
        ("feature", "add", "x\u202ey", "on one line"),
        ("planet", "drop", "", "can&#x27;t be changed"),
        ("entity:tool", "fields", ",,", "Name from one to 20 fields"),
    ],
)
def test_it_says_what_is_wrong_with_a_correction(owner: Client, fact: str, verb: str, value: str, words: str) -> None:
    goal = submitted(owner)
    response = owner.post(f"/goals/{goal.pk}/facts", {"fact": fact, "verb": verb, "value": value}, follow=True)
    assert words in response.content.decode()
    goal.refresh_from_db()
    assert goal.corrections == []


def test_who_may_correct_and_plan(operator: Client, viewer: Client) -> None:
    goal = submitted(operator)
    assert "viewer you may not" in page(viewer, goal)
    correct(viewer, goal, "feature:list-tools", "drop")
    viewer.post(f"/goals/{goal.pk}/intake", {"act": "skip"})
    goal.refresh_from_db()
    assert (goal.status, goal.corrections) == ("draft", [])
    correct(operator, goal, "feature:list-tools", "drop")
    operator.post(f"/goals/{goal.pk}/intake", {"act": "skip"})
    goal.refresh_from_db()
    assert (goal.status, len(goal.corrections)) == ("planning", 1)


def test_planning_begins_once(owner: Client) -> None:
    goal = submitted(owner)
    owner.post(f"/goals/{goal.pk}/intake", {"act": "skip"})
    again = owner.post(f"/goals/{goal.pk}/intake", {"act": "plan", "answer-storage": "files"}, follow=True)
    assert "planning has begun already" in again.content.decode()
    assert not Question.objects.filter(goal=goal).exclude(answer="").exists()


def test_a_running_goal_is_not_corrected(owner: Client) -> None:
    goal = submitted(owner)
    Goal.objects.filter(pk=goal.pk).update(status="running")
    response = owner.post(
        f"/goals/{goal.pk}/facts", {"fact": "feature:list-tools", "verb": "drop"}, follow=True
    ).content.decode()
    assert "facts are corrected before" in response
    assert f"/goals/{goal.pk}/facts" not in page(owner, goal)


def test_wrong_methods_and_missing_goals(owner: Client) -> None:
    goal = submitted(owner)
    assert owner.get(f"/goals/{goal.pk}/facts").status_code == 405
    assert owner.get("/goals/00000000-0000-0000-0000-000000000000/intake").status_code == 404
    assert owner.post("/goals/00000000-0000-0000-0000-000000000000/facts").status_code == 404


def test_a_draft_is_under_way_and_its_questions_are_in_the_inbox(owner: Client) -> None:
    goal = submitted(owner)
    intake = f"/goals/{goal.pk}/intake"
    assert intake in owner.get("/inbox").content.decode()
    assert intake in owner.get("/").content.decode()
    assert "Tools" in owner.get("/goals?status=live").content.decode()
