"""What the page of a gate shows: enough to decide in a minute, and nothing that could act."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.core import clock
from apps.core.transitions import move
from apps.dashboard.pages.gate.whole import TABS
from apps.dashboard.views.gates import REGIONS
from apps.gates import services
from apps.gates.models import ChangeItem, Condition
from apps.gates.results import CheckResult
from apps.goals.models import Requirement
from tests import factories

EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)>\u202etxt"


def address(world, phase=2, rest=""):
    return f"/gates/{world.gate(phase).pk}{rest}"


def text_of(answer):
    assert answer.status_code == 200, answer.content[:300]
    return answer.content.decode()


@pytest.fixture
def opened(world):
    world.clear(2)
    world.open_round(2)
    return world


def work(world, number=3, *, phase=3, status="blocked"):
    return [
        factories.task(world.plan, f"p{phase}-{n}", title=f"Task {phase}.{n}", phase=phase, status=status, minutes=10)
        for n in range(number)
    ]


def test_the_title_line_says_what_when_and_which_evidence(opened, browser):
    text = text_of(browser(opened.architect).get(address(opened)))
    live = opened.gate(2).rounds.get(outcome="")
    for words in ("QG-PHASE2", "Is this how we want it?", opened.goal.title, "Round 1", "Opened", "Due", "Fresh"):
        assert words in text
    assert live.evidence_digest[:12] in text


def test_yes_and_no_are_computed_from_the_plan(opened, browser):
    work(opened, 3)
    work(opened, 2, phase=2, status="completed")
    text = text_of(browser(opened.architect).get(address(opened)))
    assert "3 tasks of Infrastructure may run" in text
    assert "3 start at once" in text
    assert "QG-PHASE3 asks operations" in text
    assert "all 2 of this phase would take about 20 min" in text
    assert "Back to phase 1 Requirements" in text
    assert "clearance 2 is revoked" in text
    assert "it can be taken back here" in text


def test_a_phase_without_tasks_says_why(opened, browser):
    opened.plan.notes = {"3": "A report needs no server."}
    opened.plan.save()
    assert "has no tasks, because a report needs no server" in text_of(browser(opened.architect).get(address(opened)))


def test_failing_checks_come_first_and_green_is_folded(world, browser):
    world.clear(2)
    world.open_round(2, failing=("threats-listed",))
    text = text_of(browser(world.architect).get(address(world)))
    assert text.index("threats-listed says so.") < text.index("checks passed</summary>")
    assert "1 failed, " in text


def test_all_green_is_one_line(opened, browser):
    text = text_of(browser(opened.architect).get(address(opened)))
    assert re.search(r"All \d+ checks passed</summary>", text)


def test_sources_that_disagree_are_named(world, browser):
    world.clear(2)
    round_ = services.round_begin(gate=world.gate(2))
    names = round_.rule["blocking"]
    checks = [CheckResult(name, "passed", "Fine.") for name in names]
    checks.append(CheckResult(names[0], "failed", "I saw none.", blocking=False, source="review.security"))
    services.checks_store(round=round_, checks=checks)
    services.evidence_freeze(round=round_, evidence={"artifacts": {}}, tree="c" * 40)
    text = text_of(browser(world.architect).get(address(world)))
    assert "the hub says it passed; review.security says it failed" in text


def test_what_agents_say_stands_apart_and_can_not_act(opened, browser):
    task = work(opened, 1, phase=2, status="completed")[0]
    agent = factories.agent("mallory")
    agent.name = EVIL
    agent.save(update_fields=["name"])
    attempt = factories.attempt(task, by=agent)
    for status in ("running", "succeeded"):
        move(attempt, status)
    attempt.result = {"claims": [EVIL], "summary": EVIL}
    attempt.save()
    text = text_of(browser(opened.architect).get(address(opened)))
    claims = text[text.index("What agents say") :]
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in claims
    assert "⟦U+202E⟧" in claims
    assert "<script>alert" not in text
    assert "onerror=alert(2)>" not in text


@pytest.mark.parametrize("tab", TABS)
def test_no_tab_lets_text_act(world, browser, tab):
    world.clear(2)
    round_ = services.round_begin(gate=world.gate(2))
    checks = [CheckResult(name, "failed", EVIL, proof={"output": EVIL}) for name in round_.rule["blocking"]]
    services.checks_store(round=round_, checks=checks)
    services.evidence_freeze(round=round_, evidence={"artifacts": {}}, tree="")
    world.vote(world.architect, 2, "request_changes", items=[{"text": EVIL, "anchor": EVIL}], comment=EVIL)
    Requirement.objects.create(goal=world.goal, number=1, text=EVIL, kind="testable", sentences=[1], why=EVIL)
    world.goal.facts = {"sentences": [{"number": 1, "text": EVIL, "asks": True}]}
    world.goal.save()
    text = text_of(browser(world.architect).get(address(world, rest=f"?tab={tab}")))
    assert "<script>alert" not in text
    assert "<img src=x" not in text
    assert f'href="/gates/{world.gate(2).pk}?tab={tab}"' in text


def test_the_last_rounds_requests_are_answered_with_proof(opened, browser):
    opened.vote(
        opened.architect, 2, "request_changes",
        items=[{"text": "Name the store", "anchor": "docs/a.md:3"}, {"text": "Say why", "anchor": ""}],
    )  # fmt: skip
    opened.settle(2)
    move(opened.gate(2), "pending")
    done = ChangeItem.objects.get(number=1)
    done.answer, done.proof = "done", {"agent": "architect", "claim": "done: sqlite is named"}
    done.save()
    opened.open_round(2, evidence={"artifacts": {"docs/a.md": "9" * 64}})
    text = text_of(browser(opened.architect).get(address(opened)))
    part = text[text.index("Changed since round 1") :]
    assert "done: sqlite is named" in part
    assert "The file it names has changed." in part
    assert "Nobody has answered it." in part


def test_a_pending_gate_says_what_it_waits_for(world, browser):
    world.start()
    work(world, 2, phase=1, status="running")
    text = text_of(browser(world.owner).get(address(world, 1)))
    assert "Not open yet" in text
    assert "Task 1.0" in text
    assert 'form="vote-approve"' not in text
    assert 'id="vote-approve"' not in text


def test_a_reviewing_gate_names_its_reviews(world, browser):
    world.clear(2)
    round_ = services.round_begin(gate=world.gate(2))
    title = "Security review for QG-PHASE2"
    factories.task(world.plan, "review-2", title=title, phase=2, kind="review", round=round_, status="running")
    text = text_of(browser(world.architect).get(address(world)))
    assert "Being reviewed" in text
    assert title in text


def test_a_passed_gate_says_who_decided(opened, browser):
    opened.vote(opened.architect, 2)
    opened.settle(2)
    assert "architect approved this round on" in text_of(browser(opened.owner).get(address(opened)))


def test_seats_say_for_whom_and_who_could(opened, browser):
    text = text_of(browser(opened.owner).get(address(opened)))
    seats = text[text.index('aria-label="Seats"') :]
    assert "architects" in seats[:600]
    assert "admin, architect can" in re.sub(r"\s+", " ", seats)


def test_other_evidence_is_announced_and_holds_the_buttons(opened, browser):
    client = browser(opened.architect)
    text = text_of(client.get(address(opened, rest=f"/fragment/gate-panel?seen={'0' * 64}")))
    assert "Look at round 1" in text
    assert "The evidence has changed since you opened this page" in text
    assert "disabled" in text
    same = opened.gate(2).rounds.get(outcome="").evidence_digest
    assert "Look at round 1" not in text_of(client.get(address(opened, rest=f"/fragment/gate-panel?seen={same}")))


@pytest.mark.parametrize("name", REGIONS)
def test_each_region_brings_its_own_element(opened, browser, name):
    text = text_of(browser(opened.architect).get(address(opened, rest=f"/fragment/{name}")))
    assert re.search(rf'<(div|section) id="{name}"', text)
    assert "<html" not in text
    assert "<form" not in text, "forms stay outside of what is read again"


def test_an_unknown_region_or_tab_is_404(opened, browser):
    client = browser(opened.architect)
    assert client.get(address(opened, rest="/fragment/gate-secret")).status_code == 404
    assert client.get(address(opened, rest="?tab=secret")).status_code == 404


def test_htmx_gets_the_tab_alone(opened, browser):
    headers = {"HX-Request": "true", "HX-Target": "gate-view"}
    text = text_of(browser(opened.architect).get(address(opened, rest="?tab=history"), headers=headers))
    assert text.lstrip().startswith('<div id="gate-view"')
    assert "<html" not in text


def test_a_request_shows_which_tasks_it_would_reopen(opened, browser):
    one, other = work(opened, 2, phase=2, status="completed")
    client = browser(opened.architect)
    named = text_of(client.get(address(opened, rest=f"/reopens?item_anchor=task:{one.key}")))
    assert one.title in named
    assert other.title not in named
    everything = text_of(client.get(address(opened, rest="/reopens?item_anchor=")))
    assert one.title in everything
    assert other.title in everything


def test_manual_requirements_are_ticked_at_the_sixth_gate(world, browser):
    world.clear(6)
    Requirement.objects.create(goal=world.goal, number=4, text="Easy to read", kind="manual", sentences=[1])
    world.open_round(6)
    client = browser(world.quality)
    assert "Easy to read" in text_of(client.get(address(world, 6)))
    answer = client.post(address(world, 6, "/ticks"), {"number": ["4"]})
    assert answer.status_code == 302
    ticked = Requirement.objects.get(goal=world.goal, number=4)
    assert ticked.ticked_by == world.quality
    assert world.gate(6).status == "pending", "the evidence is taken anew"
    client.post(address(world, 6, "/ticks"), {})
    assert Requirement.objects.get(goal=world.goal, number=4).ticked_at is None


def test_all_ticks_are_saved_together_and_one_round_ends(world, browser):
    world.clear(6)
    for number in range(1, 6):
        Requirement.objects.create(goal=world.goal, number=number, text="x", kind="manual")
    world.open_round(6)
    sent = {"number": ["1", "2", "4", "5"]}
    text = browser(world.quality).post(address(world, 6, "/ticks"), sent, follow=True).content.decode()
    assert "4 ticks were changed" in text
    ticked = Requirement.objects.filter(goal=world.goal, ticked_at__isnull=False)
    assert sorted(ticked.values_list("number", flat=True)) == [1, 2, 4, 5]
    assert [one.outcome for one in world.gate(6).rounds.all()] == ["superseded"]


def test_a_viewer_ticks_nothing(world, browser):
    world.clear(6)
    Requirement.objects.create(goal=world.goal, number=4, text="Easy to read", kind="manual", sentences=[1])
    world.open_round(6)
    browser(world.viewer).post(address(world, 6, "/ticks"), {"number": ["4"]})
    assert Requirement.objects.get(goal=world.goal, number=4).ticked_at is None


def test_a_condition_is_closed_where_it_is_due(opened, browser):
    made = Condition.objects.create(
        goal=opened.goal, round=opened.gate(1).rounds.get(), text="Name an owner", owner=opened.owner, due_phase=2
    )
    client = browser(opened.architect)
    text = text_of(client.get(address(opened)))
    assert "Name an owner" in text
    assert "Say that it is met, or waive it, first." in text
    path = address(opened, rest=f"/conditions/{made.pk}")
    client.post(path, {"status": "met", "words": ""})
    assert Condition.objects.get(pk=made.pk).status == "open"
    client.post(path, {"status": "met", "words": "It is Ada."})
    assert Condition.objects.get(pk=made.pk).status == "met"


def test_solo_mode_says_so(world, browser):
    from tests.gates.conftest import solo

    solo(True)
    world.start()
    world.open_round(1)
    text = text_of(browser(world.owner).get(address(world, 1)))
    assert "One vote decides here, and yours counts." in text
    assert "Solo mode: one vote is enough" in text


def test_its_queries_do_not_grow(opened, browser):
    client = browser(opened.architect)

    def more(number):
        tasks = [
            factories.task(opened.plan, title="x", phase=phase, status=status)
            for phase, status in ((2, "completed"), (3, "blocked"))
            for _ in range(number)
        ]
        for task in tasks[:number]:
            attempt = factories.attempt(task)
            for status in ("running", "succeeded"):
                move(attempt, status, finished_at=clock.now())
        for _ in range(number):
            count = Requirement.objects.filter(goal=opened.goal).count()
            Requirement.objects.create(goal=opened.goal, number=count + 1, text="x", kind="manual")
            factories.person(groups=("architects",))

    def queries():
        with CaptureQueriesContext(connection) as found:
            text_of(client.get(address(opened)))
        return len(found)

    more(1)
    few = queries()
    more(12)
    assert queries() == few
