"""GET /library, /library/versions; POST /library/validate, /library/dry-run, /library."""

import pytest

from apps.accounts.services import person_create
from apps.agents.crew.registry import FUNCTIONS
from apps.planning import versions
from apps.planning.models import MethodLibrary
from tests import factories
from tests.api.conftest import is_problem

BRIEF = "A command-line tool that counts words. Users can add texts and list texts."


@pytest.fixture
def active(world):
    factories.agent("all", capabilities=tuple(FUNCTIONS))
    return versions.library_seed()


@pytest.fixture
def admin(by_session):
    return by_session(person_create(username="boss", password="a long sentence", role="admin", groups=["owners"]))


def test_reading_is_for_everybody_who_is_signed_in(active, outsider, stranger):
    body = outsider.get("/library").json()
    assert (body["version"], body["active"], body["content"]) == (1, True, active.content)
    rows = outsider.get("/library/versions").json()
    assert [row["version"] for row in rows["items"]] == [1]
    assert "content" not in rows["items"][0]
    assert outsider.get("/library/versions/1").json()["digest"] == active.digest
    is_problem(outsider.get("/library/versions/9"), 404)
    is_problem(outsider.get("/library/versions/99999999999999999999"), 404)
    is_problem(stranger.get("/library"), 401)


def test_checking_says_line_and_place(active, outsider):
    good = outsider.post("/library/validate", {"content": active.content}).json()
    assert good == {"valid": True, "problems": []}
    bad = outsider.post("/library/validate", {"content": "name: x\nname: y"}).json()
    assert bad["valid"] is False
    assert bad["problems"][0] == {
        "line": 2, "place": "", "field": "", "text": "it is no YAML: 'name' stands twice", "warning": False,
    }  # fmt: skip
    is_problem(outsider.post("/library/validate", {}), 422)


def test_saving_is_for_an_admins_own_session(active, outsider, admin):
    payload = {"content": active.content + "# more\n", "note": "a comment", "base": 1}
    is_problem(outsider.post("/library", payload), 403)
    answer = admin.post("/library", payload)
    assert (answer.status_code, answer.json()["version"], answer.json()["changed_by"]) == (201, 2, "boss")
    is_problem(admin.post("/library", payload), 409)
    is_problem(admin.post("/library", {**payload, "content": "name: [", "base": 2}), 422)
    assert MethodLibrary.objects.count() == 2


def test_a_token_saves_nothing_whatever_its_scopes(active, by_token):
    boss = person_create(username="boss", password="a long sentence", role="admin", groups=["owners"])
    client = by_token(boss, "read", "submit", "operate", "registry")
    assert client.get("/library").status_code == 200
    is_problem(client.post("/library", {"content": active.content + "# more\n", "note": "x", "base": 1}), 403)
    is_problem(client.post("/library/dry-run", {"content": active.content, "brief": BRIEF}), 403)


def test_a_dry_run(active, admin, outsider):
    payload = {"content": active.content, "title": "Counter", "brief": BRIEF}
    is_problem(outsider.post("/library/dry-run", payload), 403)
    body = admin.post("/library/dry-run", payload).json()
    assert (body["kind"], body["version"], body["draft"]["words"]) == ("command_line_tool", 1, "")
    assert len(body["draft"]["approaches"]) == len(body["active"]["approaches"]) >= 3
    assert body["changes"]["added"] == body["changes"]["removed"] == []
    is_problem(admin.post("/library/dry-run", {**payload, "brief": " "}), 422)
