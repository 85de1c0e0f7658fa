"""POST /goals/{id}/replan on a running goal, GET /plans/{id}/activation, POST /plans/{id}/activate."""

from typing import Any

import pytest

from apps.gates.guards import verify_now
from apps.planning import drafts
from apps.tasks.models import Plan
from tests.api.conftest import Caller, is_problem
from tests.api.world import World
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
    base = Plan.objects.get(goal=world.goal, status="active")
    return drafts.draft_create(
        goal=world.goal, origin="edit", base=base, blueprint=made, person=world.goal.owner, why="Otherwise."
    )


def test_replan_while_it_runs_keeps_status_and_numbers_the_addition(running: World, owner: Caller) -> None:
    body = owner.post(f"/goals/{running.goal.pk}/replan", {"why": "More.", "addition": "A reader lends."}).json()
    assert body["status"] == "running"
    assert running.goal.briefs.get(number=2).text == "A reader lends."
    running.goal.refresh_from_db()
    assert running.goal.planning["replan"]["why"] == "More."
    drafts = owner.get(f"/goals/{running.goal.pk}/drafts").json()
    assert (drafts["items"], drafts["planning"]["why"]) == ([], "More.")


def test_words_beside_an_addition_that_can_not_be_kept(running: World, owner: Caller) -> None:
    answer = owner.post(f"/goals/{running.goal.pk}/replan", {"addition": "ä" * 150_000})
    assert "addition" in is_problem(answer, 422)["fields"]


def test_what_an_activation_would_do_and_then_it_is_done(running: World, owner: Caller, outsider: Caller) -> None:
    draft = draft_of(running, description="Otherwise.")
    seen = outsider.get(f"/plans/{draft.pk}/activation").json()
    [row] = outsider.get(f"/goals/{running.goal.pk}/drafts").json()["items"]
    assert (row["id"], row["origin"], row["drafted_by"]) == (str(draft.pk), "edit", running.goal.owner.username)
    assert (seen["why_not"], seen["base"]) == ("", str(running.plan.pk))
    assert [one["key"] for one in seen["difference"]["changed"]] == ["p1-0"]
    assert set(seen["difference"]["downstream"]) == {f"p{phase}-0" for phase in range(2, 8)}
    body = owner.post(f"/plans/{draft.pk}/activate", {"digest": seen["digest"]}).json()
    assert (body["id"], body["status"], len(body["tasks"])) == (str(draft.pk), "active", 7)
    assert owner.get(f"/goals/{running.goal.pk}/plan").json()["version"] == 2
    assert "active already" in outsider.get(f"/plans/{draft.pk}/activation").json()["why_not"]


def test_the_second_draft_is_told_that_it_is_too_late(running: World, owner: Caller) -> None:
    first, second = draft_of(running, description="One."), draft_of(running, description="Two.")
    assert owner.post(f"/plans/{first.pk}/activate", {"digest": digest_of(first)}).status_code == 200
    assert owner.post(f"/plans/{first.pk}/activate", {"digest": digest_of(first)}).status_code == 200
    is_problem(
        owner.post(f"/plans/{second.pk}/activate", {"digest": digest_of(second)}), 409, "version 2 is active by now"
    )


def test_before_the_start_a_draft_is_proposed_instead(world: World, owner: Caller) -> None:
    draft = drafts.draft_create(
        goal=world.goal, origin="edit", base=world.plan, blueprint=blueprint(), person=None, why=""
    )
    is_problem(owner.post(f"/plans/{draft.pk}/activate", {"digest": digest_of(draft)}), 409, "propose the draft")


def test_no_token_activates_whatever_its_scopes(running: World, by_token: Any) -> None:
    draft = draft_of(running, description="Otherwise.")
    token = by_token(running.goal.owner, "read", "submit", "operate", "registry")
    is_problem(token.post(f"/plans/{draft.pk}/activate", {"digest": digest_of(draft)}), 403)
    assert Plan.objects.get(pk=draft.pk).status == "draft"
