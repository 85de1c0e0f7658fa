"""POST /plans/{id}/drafts, /edits, /undo, /redo, /propose, /discard; GET /plans/{id} of a draft; PATCH /tasks/{id}."""

import uuid

import pytest

from apps.tasks.models import Plan
from tests.api.conftest import is_problem

TITLE = {"kind": "change", "task": "p2-0", "title": "Decide"}
LONGER = {"kind": "change", "task": "p1-0", "optimistic": 2, "likely": 4, "pessimistic": 6}


@pytest.fixture
def draft(world, owner):
    response = owner.post(f"/plans/{world.plan.pk}/drafts", {"why": "It is too long."})
    assert response.status_code == 201, response.content
    return response.json()


def edit(caller, draft, operation, edition=None):
    number = draft["edition"] if edition is None else edition
    return caller.post(f"/plans/{draft['id']}/edits", {"edition": number, "operation": operation})


def test_a_draft_is_made_from_a_plan(world, owner, draft):
    assert (draft["status"], draft["version"], draft["origin"]) == ("draft", 2, "edit")
    assert (draft["base"], draft["drafted_by"], draft["why"]) == (str(world.plan.pk), "owner", "It is too long.")
    assert (draft["tasks"], draft["edition"]) == ([], 0)
    assert [task["key"] for task in draft["draft"]["tasks"]] == [f"p{phase}-0" for phase in range(1, 8)]
    assert draft == owner.get(f"/plans/{draft['id']}").json()


def test_the_plan_that_stands_is_another(world, owner, draft):
    standing = owner.get(f"/goals/{world.goal.pk}/plan").json()
    assert (standing["id"], standing["draft"], standing["base"]) == (str(world.plan.pk), None, None)
    assert len(owner.get(f"/goals/{world.goal.pk}/tasks").json()["items"]) == 7


def test_a_repeated_post_makes_one_draft(world, owner):
    path, key = f"/plans/{world.plan.pk}/drafts", {"Idempotency-Key": "once"}
    first, again = owner.post(path, {}, **key), owner.post(path, {}, **key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json()["id"] == again.json()["id"]
    assert Plan.objects.filter(status="draft").count() == 1


def test_an_edit_computes_the_plan_anew(owner, draft):
    body = edit(owner, draft, LONGER).json()
    assert (body["edition"], body["minutes"]) == (1, 16)
    task = body["draft"]["tasks"][0]
    assert (task["minutes"], task["estimate_source"]) == (4, "edited")
    (edition,) = body["draft"]["editions"]
    assert (edition["words"], edition["by"], edition["undone"]) == ("Changed estimate of “Do p1-0”.", "owner", False)
    assert body["draft"]["difference"]["minutes"] == {"before": 14, "after": 16, "change": 2}


def test_undo_and_redo(owner, draft):
    edited = edit(owner, draft, LONGER).json()
    undone = owner.post(f"/plans/{draft['id']}/undo", {"edition": 1}).json()
    assert (undone["edition"], undone["minutes"], undone["draft"]["tasks"]) == (0, 14, draft["draft"]["tasks"])
    assert undone["draft"]["editions"][0]["undone"] is True
    is_problem(owner.post(f"/plans/{draft['id']}/undo", {"edition": 0}), 409, "nothing to undo")
    again = owner.post(f"/plans/{draft['id']}/redo", {"edition": 0}).json()
    assert again["draft"]["tasks"] == edited["draft"]["tasks"]
    is_problem(owner.post(f"/plans/{draft['id']}/redo", {"edition": 1}), 409, "nothing to redo")


def test_a_stale_edition_gets_the_difference(owner, admin, draft):
    edit(owner, draft, LONGER)
    problem = is_problem(edit(admin, draft, TITLE), 409, "owner changed this draft while you looked at it")
    assert (problem["code"], problem["edition"]) == ("stale_draft", 1)
    assert problem["since"] == [{"words": "Changed estimate of “Do p1-0”.", "by": "owner", "undone": False}]
    assert problem["difference"]["minutes"]["after"] == 16


@pytest.mark.parametrize(
    ("operation", "fields"),
    [
        ({"kind": "explode"}, {"kind"}),
        ({"kind": "change", "task": "p1-0", "likely": -1}, {"likely"}),
        ({"kind": "change", "task": "gone", "title": "x"}, {"task"}),
        ({"kind": "order", "before": "p3-0", "after": "p1-0"}, {"after"}),
        ({"kind": "add", "phase": 1}, {"title", "capability", "produces", "acceptance", "likely"}),
    ],
)
def test_a_refused_edit_names_its_fields(owner, draft, operation, fields):
    problem = is_problem(edit(owner, draft, operation), 422)
    assert fields <= set(problem["fields"])
    assert owner.get(f"/plans/{draft['id']}").json()["edition"] == 0


def test_a_rule_that_is_about_no_field(owner, draft):
    problem = is_problem(edit(owner, draft, {"kind": "remove", "task": "p1-0"}), 422, "“Do p2-0” needs what")
    assert problem["code"] == "refused_by_rule"


def test_propose(world, owner, draft):
    edit(owner, draft, TITLE)
    is_problem(owner.post(f"/plans/{draft['id']}/propose", {"edition": 0}), 409, "changed this draft")
    body = owner.post(f"/plans/{draft['id']}/propose", {"edition": 1}).json()
    assert (body["status"], body["draft"], body["tasks"][1]["title"]) == ("proposed", None, "Decide")
    assert owner.get(f"/plans/{world.plan.pk}").json()["status"] == "discarded"
    assert owner.post(f"/goals/{world.goal.pk}/start").status_code == 200


def test_a_draft_of_a_running_goal_is_not_proposed(world, owner, draft):
    world.start()
    is_problem(owner.post(f"/plans/{draft['id']}/propose", {"edition": 0}), 409, "activate the draft instead")


def test_discard_and_draft_again_from_it(owner, draft):
    assert owner.post(f"/plans/{draft['id']}/discard").json()["status"] == "discarded"
    is_problem(owner.post(f"/plans/{draft['id']}/discard"), 409)
    is_problem(edit(owner, draft, TITLE), 409, "is discarded")
    again = owner.post(f"/plans/{draft['id']}/drafts").json()
    assert (again["version"], again["base"]) == (3, draft["base"])


def test_a_token_edits_and_never_proposes(world, owner_person, by_token):
    token = by_token(owner_person, "read", "submit")
    draft = token.post(f"/plans/{world.plan.pk}/drafts", {}).json()
    assert edit(token, draft, TITLE).status_code == 200
    is_problem(token.post(f"/plans/{draft['id']}/propose", {"edition": 1}), 403, "A token can't")
    reader = by_token(owner_person, "read")
    is_problem(edit(reader, draft, TITLE, 1), 403, "scope")


@pytest.mark.parametrize(
    ("action", "body"),
    [
        ("drafts", {}),
        ("edits", {"edition": 0, "operation": TITLE}),
        ("undo", {"edition": 0}),
        ("redo", {"edition": 0}),
        ("propose", {"edition": 0}),
        ("discard", None),
    ],
)
def test_who_can_t_and_what_is_missing(draft, owner, teammate, outsider, stranger, action, body):
    path = f"/plans/{draft['id']}/{action}"
    is_problem(teammate.post(path, body), 403)
    is_problem(outsider.post(path, body), 403)
    is_problem(stranger.post(path, body), 401)
    is_problem(owner.get(path), 405)
    is_problem(owner.post(f"/plans/{uuid.uuid4()}/{action}", body), 404)


@pytest.mark.parametrize("body", [{}, {"edition": -1}, {"edition": "x"}, {"edition": 10**12}])
def test_a_malformed_body(owner, draft, body):
    is_problem(owner.post(f"/plans/{draft['id']}/undo", body), 422)
    is_problem(owner.post(f"/plans/{draft['id']}/edits", {**body, "operation": TITLE}), 422)
    is_problem(owner.post(f"/plans/{draft['id']}/edits", {"edition": 0, "operation": []}), 422)


def test_change_a_task_that_was_not_begun(world, owner):
    path = f"/tasks/{world.task.pk}"
    change = {"likely": 5, "pessimistic": 8, "agent": "builder", "acceptance": ["Right."], "rice": {"reach": 9}}
    body = owner.patch(path, change).json()
    assert (body["estimate"]["likely"], body["estimate"]["source"]) == (5, "edited")
    assert (body["acceptance"], body["rice"]["reach"]) == (["Right."], 9)
    assert owner.get(f"/plans/{world.plan.pk}").json()["minutes"] == pytest.approx(12 + 29 / 6)
    assert owner.patch(path, {"rice": {"reach": None}}).json()["rice"]["reach"] == 7


def test_a_change_that_is_refused(world, owner, teammate, outsider, stranger):
    path = f"/tasks/{world.task.pk}"
    assert "agent" in is_problem(owner.patch(path, {"agent": "nobody"}), 422)["fields"]
    assert "likely" in is_problem(owner.patch(path, {"likely": 0}), 422)["fields"]
    is_problem(owner.patch(path, {}), 422, "like that already")
    is_problem(owner.patch(path, {"title": "Other"}), 422)
    for caller, status in ((teammate, 403), (outsider, 403), (stranger, 401)):
        is_problem(caller.patch(path, {"likely": 2.5}), status)
    is_problem(owner.patch(f"/tasks/{uuid.uuid4()}", {"likely": 2.5}), 404)
    world.start().attempt()
    is_problem(owner.patch(path, {"likely": 2.5}), 409, "until it is begun")
