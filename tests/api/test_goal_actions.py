"""POST /goals/{id}/start, pause, resume, cancel, replan, accept."""

import uuid

import pytest

from apps.core import transitions
from apps.gates.models import Clearance
from apps.inbox.services import question_answer, question_ask
from tests.api.conftest import is_problem

ACTIONS = ("start", "pause", "resume", "cancel", "replan", "accept")


@pytest.mark.parametrize("action", ACTIONS)
def test_a_viewer_a_stranger_and_a_wrong_method_are_refused(world, owner, outsider, stranger, action):
    path = f"/goals/{world.goal.pk}/{action}"
    is_problem(outsider.post(path), 403)
    is_problem(stranger.post(path), 401)
    is_problem(owner.get(path), 405)
    is_problem(owner.post(f"/goals/{uuid.uuid4()}/{action}"), 404)


@pytest.mark.parametrize("action", ["start", "accept"])
def test_no_token_starts_or_accepts(world, owner_person, by_token, action):
    caller = by_token(owner_person, "read", "submit", "operate", "registry")
    is_problem(caller.post(f"/goals/{world.goal.pk}/{action}"), 403, "token")


def test_an_operator_can_t_start(world, teammate):
    is_problem(teammate.post(f"/goals/{world.goal.pk}/start"), 403, "lead")
    assert not Clearance.objects.exists()


def test_pause_and_resume(world, teammate):
    world.start()
    path = f"/goals/{world.goal.pk}"
    assert teammate.post(f"{path}/pause").json()["status"] == "paused"
    is_problem(teammate.post(f"{path}/pause"), 409)
    assert teammate.post(f"{path}/resume").json()["status"] == "running"
    is_problem(teammate.post(f"{path}/resume"), 409)


@pytest.mark.parametrize("action", ["pause", "resume", "accept"])
def test_what_does_not_fit_the_state_is_409(world, owner, action):
    is_problem(owner.post(f"/goals/{world.goal.pk}/{action}"), 409)


def test_cancel_with_and_without_a_reason(world, owner):
    path = f"/goals/{world.goal.pk}/cancel"
    assert owner.post(path, {"why": "not wanted"}).json()["status"] == "cancelled"
    is_problem(owner.post(path), 409)


def test_replan_goes_back_to_planning_or_says_why_not(world, owner):
    path = f"/goals/{world.goal.pk}/replan"
    assert owner.post(path).json()["status"] == "planning"
    is_problem(owner.post(path), 409, "planning")


def test_replan_with_other_weights_keeps_them_with_the_goal(world, owner):
    path = f"/goals/{world.goal.pk}/replan"
    planning = {"beam": 7, "depth": 3, "weights": {"time": 80, "fit": 0}}
    body = owner.post(path, {"planning": planning}).json()
    assert (body["status"], body["planning"]) == ("planning", planning)
    assert world.goal.__class__.objects.get(pk=world.goal.pk).planning == planning


@pytest.mark.parametrize(
    ("field", "planning"),
    [
        ("planning.beam", {"beam": 0}),
        ("planning.beam", {"beam": "wide"}),
        ("planning.depth", {"depth": 21}),
        ("planning.weights.risk", {"weights": {"risk": -1}}),
        ("time", {"weights": {"time": 0, "cost": 0, "risk": 0, "fit": 0}}),
    ],
)
def test_words_beside_what_can_not_be_a_weight(world, owner, field, planning):
    answer = owner.post(f"/goals/{world.goal.pk}/replan", {"planning": planning})
    assert field in is_problem(answer, 422)["fields"]
    world.goal.refresh_from_db()
    assert (world.goal.status, world.goal.planning) == ("proposed", {})


def test_who_may_not_replan_with_other_weights(world, teammate, outsider):
    for caller in (teammate, outsider):
        is_problem(caller.post(f"/goals/{world.goal.pk}/replan", {"planning": {"beam": 2}}), 403)


def test_accept_what_was_delivered(world, owner):
    world.start()
    for status in ("delivering", "delivered"):
        transitions.move(world.goal, status)
    body = owner.post(f"/goals/{world.goal.pk}/accept").json()
    assert body["status"] == "accepted"
    assert body["progress"] == 1.0


def test_a_plan_that_is_behind_says_so_and_starts_all_the_same(world, owner, owner_person):
    path = f"/goals/{world.goal.pk}"
    before = owner.get(path).json()
    assert (before["stale_plan"], before["stale_plan_why"]) == (False, "")
    question = question_ask(goal=world.goal, key="lending", text="For how long?", default="a week")
    question_answer(question=question, person=owner_person, answer="a month")
    seen = owner.get(path).json()
    assert seen["stale_plan"] is True
    assert seen["stale_plan_why"] == "1 answer came after this plan was made, so that it does not know it."
    started = owner.post(f"{path}/start").json()
    assert (started["status"], started["stale_plan"]) == ("running", False)
