"""POST /goals with ask, GET and PATCH /goals/{id}/facts, POST /goals/{id}/plan."""

import uuid

import pytest

from apps.core.models import AuditLink
from apps.goals.models import Goal
from tests.api.conftest import is_problem

BRIEF = "A web app. Members can add a tool with a name and a place, list tools and delete tools. No JavaScript."
NEW = {"title": "Tools", "brief": BRIEF}
DROP = {"changes": [{"fact": "feature:delete-tools", "change": {"drop": True}}]}

pytestmark = pytest.mark.django_db


@pytest.fixture
def path(owner):
    goal = owner.post("/goals", {**NEW, "ask": True}).json()
    assert goal["status"] == "draft"
    return f"/goals/{goal['id']}"


def test_planning_begins_at_once_unless_asked_to_ask(owner):
    assert owner.post("/goals", NEW).json()["status"] == "planning"
    assert owner.post("/goals", {**NEW, "ask": True}).json()["status"] == "draft"
    clear = {"title": "Heat", "brief": "Write a research report on heat pumps. Cover:\n- Costs\n- Noise", "ask": True}
    assert owner.post("/goals", clear).json()["status"] == "planning"


def test_the_facts_name_their_sentences_and_the_questions_what_they_change(owner, outsider, path):
    body = outsider.get(f"{path}/facts").json()
    assert body["facts"]["kind"] == "web_application"
    assert [(f["slug"], f["sentence"]) for f in body["facts"]["features"]] == [
        ("add-tool", 2),
        ("list-tools", 2),
        ("delete-tools", 2),
    ]
    assert (body["corrections"], body["changed"]) == ([], False)
    questions = {question["key"]: question for question in body["questions"]}
    assert set(questions) == {"storage", "pages"}
    assert "tasks" in questions["pages"]["changes"]
    options = {q["key"]: q["options"] for q in body["facts"]["questions"] if q["options"]}
    assert options["storage"][0] == questions["storage"]["default"]


def test_a_correction_is_kept_with_who_and_when_and_the_brief_stays(owner, path):
    body = owner.patch(f"{path}/facts", DROP).json()
    assert [f["slug"] for f in body["facts"]["features"]] == ["add-tool", "list-tools"]
    kept = body["corrections"][0]
    assert (kept["fact"], kept["change"], kept["by"]) == ("feature:delete-tools", {"drop": True}, "owner")
    assert kept["at"]
    assert owner.get(path).json()["brief"] == BRIEF
    assert AuditLink.objects.filter(what="facts.corrected").count() == 1


@pytest.mark.parametrize(
    "changes",
    [
        [],
        [{"fact": "kind", "change": {"set": "castle"}}],
        [{"fact": "kind", "change": {}}],
        [{"fact": "feature", "change": {"add": "Print a list"}}, {"fact": "feature:none", "change": {"drop": True}}],
        [{"fact": "feature", "change": {"add": "x\x1by"}}],
        [{"fact": "feature", "change": {"add": ["a", "list"]}}],
        [{"fact": "feature:list-tools", "change": {"drop": 1}}],
        [{"fact": "entity:tool", "change": {"fields": ["a"] * 21}}],
        [{"fact": "constraint:must_not", "change": {"drop": True}}],
        [{"fact": "x" * 401, "change": {"drop": True}}],
    ],
)
def test_what_is_no_correction_is_refused_as_a_whole(owner, path, changes):
    is_problem(owner.patch(f"{path}/facts", {"changes": changes}), 422)
    assert Goal.objects.get().corrections == []


def test_planning_begins_with_the_answers(owner, path):
    assert owner.post(f"{path}/plan", {"answers": {"storage": "files"}}).json()["status"] == "planning"
    answered = {q["key"]: q["answer"] for q in owner.get(f"{path}/facts").json()["questions"]}
    assert answered == {"storage": "files", "pages": ""}
    is_problem(owner.post(f"{path}/plan"), 409)
    is_problem(owner.patch(f"{path}/facts", DROP), 409)


def test_planning_begins_without_a_body_too(owner, path):
    assert owner.post(f"{path}/plan").json()["status"] == "planning"


def test_who_may(teammate, outsider, stranger, owner_person, by_token, path):
    for call in (lambda who: who.patch(f"{path}/facts", DROP), lambda who: who.post(f"{path}/plan")):
        is_problem(call(outsider), 403)
        is_problem(call(stranger), 401)
        is_problem(call(by_token(owner_person, "read")), 403)
    assert by_token(owner_person, "read", "submit").patch(f"{path}/facts", DROP).status_code == 200
    assert teammate.post(f"{path}/plan").status_code == 200


def test_a_goal_that_is_not_there(owner):
    is_problem(owner.get(f"/goals/{uuid.uuid4()}/facts"), 404)
    is_problem(owner.patch(f"/goals/{uuid.uuid4()}/facts", DROP), 404)
    is_problem(owner.post(f"/goals/{uuid.uuid4()}/plan"), 404)
