"""The inbox: one order for everybody, a panel that acts in place, and a badge from the same look."""

import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.core import clock
from apps.core.transitions import move
from apps.inbox.models import Escalation, Question
from apps.inbox.services import escalation_raise, question_ask
from tests import factories

HTMX = {"HX-Request": "true"}


@pytest.fixture
def busy(world):
    """An open gate for the architect, a question, an escalated task with two able agents."""
    world.clear(2)
    world.open_round(2)
    move(world.goal, "planning")
    move(world.goal, "proposed")
    move(world.goal, "running", started_at=clock.now())
    question_ask(goal=world.goal, key="storage", text="Where is it kept?", default="In a file.")
    task = factories.task(world.plan, "stuck", title="A stuck task", status="escalated")
    factories.agent("able")
    escalation_raise(goal=world.goal, task=task, kind="task_failed", key="stuck", text="It failed four times.")
    return world


def escalation():
    return Escalation.objects.get()


def question():
    return Question.objects.get()


def text_of(answer):
    assert answer.status_code == 200, answer.content[:300]
    return answer.content.decode()


def test_one_table_in_the_order_in_which_waiting_costs(busy, browser):
    text = text_of(browser(busy.architect).get("/inbox"))
    assert text.index("It failed four times.") < text.index("QG-PHASE2") < text.index("Where is it kept?")
    assert "Order: escalated first" in text
    assert text.count("<table") == 1
    assert "data-row" in text


@pytest.mark.parametrize(
    ("tab", "shown", "hidden"),
    [
        ("needs_you", "Where is it kept?", "QG-PHASE2"),
        ("waiting", "QG-PHASE2", "Where is it kept?"),
        ("all", "QG-PHASE2", "no such text"),
        ("decided", "owner approved this round on", "QG-PHASE2"),
        ("nonsense", "Where is it kept?", "QG-PHASE2"),
    ],
)
def test_tabs(busy, browser, tab, shown, hidden):
    text = text_of(browser(busy.owner).get(f"/inbox?tab={tab}"))
    assert shown in text
    assert hidden not in text


def test_waiting_names_for_whom(busy, browser):
    text = text_of(browser(busy.owner).get("/inbox?tab=waiting"))
    assert "admin, architect" in text


def test_the_badge_is_the_length_of_the_first_tab(busy, browser):
    client = browser(busy.architect)
    text = text_of(client.get("/inbox/badge"))
    rows = text_of(client.get("/inbox/list?tab=needs_you")).count("data-row")
    assert f'data-count="{rows}"' in text
    assert 'id="inbox-badge"' in text
    assert rows == 3


def test_a_gate_is_previewed_and_decided_on_its_own_page(busy, browser):
    gate = busy.gate(2)
    text = text_of(browser(busy.architect).get(f"/inbox/preview/gate/{gate.pk}?tab=needs_you", headers=HTMX))
    assert "Look and decide" in text
    assert f"/gates/{gate.pk}" in text
    assert "<form" not in text
    assert "Next" in text


def test_next_is_the_row_below(busy, browser):
    text = text_of(browser(busy.architect).get(f"/inbox/preview/escalation/{escalation().pk}?tab=needs_you"))
    assert "1 of 3" in text
    assert f"/inbox/preview/gate/{busy.gate(2).pk}?tab=needs_you" in text


def test_a_question_is_answered_in_place_and_the_panel_goes_on(busy, browser):
    client = browser(busy.owner)
    path = f"/questions/{question().pk}/answer?tab=needs_you"
    answer = client.post(path, {"answer": "In SQLite."}, headers=HTMX)
    assert "It failed four times." in text_of(answer)
    told = json.loads(answer["HX-Trigger"])
    assert told["toast"]["text"] == "Your answer is kept."
    assert told["live:changed"] == {"target": "#inbox-list"}
    assert (question().answer, question().answered_by) == ("In SQLite.", busy.owner)


def test_an_empty_answer_is_refused_in_words(busy, browser):
    answer = browser(busy.owner).post(f"/questions/{question().pk}/answer", {"answer": " "}, headers=HTMX)
    assert answer.status_code == 422
    assert "Answer%20in%20your%20own%20words" in answer["X-Problem"]
    assert question().answer == ""


def test_the_last_answer_says_that_nothing_waits(busy, browser):
    client = browser(busy.owner)
    client.post(f"/escalations/{escalation().pk}/resolve", {"resolution": "Known."}, headers=HTMX)
    answer = client.post(f"/questions/{question().pk}/answer", {"answer": "Yes."}, headers=HTMX)
    assert "That was the last one" in text_of(answer)


def test_an_escalation_is_resolved_in_words(busy, browser):
    answer = browser(busy.owner).post(f"/escalations/{escalation().pk}/resolve", {"resolution": "I saw to it."})
    assert answer.status_code == 302
    assert (escalation().status, escalation().resolution) == ("resolved", "I saw to it.")


@pytest.mark.parametrize(("key", "status"), [("retry", "ready"), ("skip", "skipped"), ("reassign", "ready")])
def test_its_task_is_helped_along_in_place(busy, browser, key, status):
    path = f"/escalations/{escalation().pk}/task/{key}?tab=needs_you"
    text_of(browser(busy.owner).post(path, {"agent": "able"}, headers=HTMX))
    task = busy.plan.tasks.get(key="stuck")
    assert task.status == status
    assert escalation().status == "resolved"
    if key == "reassign":
        assert task.wanted_agent.slug == "able"


def test_twice_is_refused_with_words(busy, browser):
    client = browser(busy.owner)
    client.post(f"/escalations/{escalation().pk}/task/skip", headers=HTMX)
    answer = client.post(f"/escalations/{escalation().pk}/task/skip", headers=HTMX)
    assert answer.status_code == 409
    assert answer["X-Problem"]


def test_a_viewer_changes_nothing(busy, browser):
    client = browser(busy.viewer)
    assert "As viewer you may not" in text_of(client.get(f"/questions/{question().pk}"))
    assert "As viewer you may not" in text_of(client.get(f"/escalations/{escalation().pk}"))
    for path in (f"/questions/{question().pk}/answer", f"/escalations/{escalation().pk}/resolve"):
        answer = client.post(path, {"answer": "x", "resolution": "x"}, headers=HTMX)
        assert answer.status_code == 403
    assert client.post(f"/escalations/{escalation().pk}/task/skip", headers=HTMX).status_code == 403
    assert (question().answer, escalation().status) == ("", "open")


def test_without_the_csrf_token_nothing_happens(busy, browser):
    answer = browser(busy.owner, csrf=True).post(f"/questions/{question().pk}/answer", {"answer": "x"})
    assert answer.status_code == 403
    assert question().answer == ""


@pytest.mark.parametrize("path", ["/inbox", "/inbox/list", "/inbox/badge"])
def test_strangers_sign_in_first(db, path):
    answer = Client().get(path)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in")


def test_a_get_changes_nothing(busy, browser):
    client = browser(busy.owner)
    for path in (
        f"/questions/{question().pk}/answer",
        f"/escalations/{escalation().pk}/resolve",
        f"/escalations/{escalation().pk}/task/skip",
    ):
        assert client.get(path).status_code == 405


def test_what_is_not_there_is_404(world, browser):
    client = browser(world.owner)
    nobody = "00000000-0000-0000-0000-000000000001"
    for path in (f"/questions/{nobody}", f"/escalations/{nobody}", f"/inbox/preview/gate/{nobody}"):
        assert client.get(path).status_code == 404
    assert client.get(f"/inbox/preview/secret/{nobody}").status_code == 404


def test_texts_can_not_act(busy, browser):
    evil = "<script>alert(1)</script>"
    question_ask(goal=busy.goal, key="evil", text=evil, default=evil, changes=evil)
    other = factories.task(busy.plan, "other", title=evil, status="escalated")
    made = escalation_raise(goal=busy.goal, task=other, kind="task_failed", key="e", text=evil, what_to_do=evil)
    client = browser(busy.owner)
    pages = ["/inbox", f"/escalations/{made.pk}", f"/questions/{Question.objects.get(key='evil').pk}"]
    for path in pages:
        text = text_of(client.get(path))
        assert "&lt;script&gt;" in text
        assert "<script>alert" not in text


def test_its_queries_do_not_grow(busy, browser):
    client = browser(busy.owner)

    def queries():
        with CaptureQueriesContext(connection) as found:
            text_of(client.get("/inbox?tab=all"))
        return len(found)

    few = queries()
    for number in range(10):
        question_ask(goal=busy.goal, key=f"q{number}", text="x", default="y")
        task = factories.task(busy.plan, f"t{number}", status="escalated")
        escalation_raise(goal=busy.goal, task=task, kind="task_failed", key=f"e{number}", text="x")
        factories.person(groups=("architects",))
    assert queries() == few
