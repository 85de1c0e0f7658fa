"""Voting on the page of a gate: only a signed-in person's own session, on the evidence that the page showed."""

import re
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.test import Client

from apps.core import clock
from apps.delivery.supplying import supplied_store
from apps.delivery.workspaces import workspace_create, workspace_head
from apps.gates.models import Vote
from apps.goals.models import Goal
from apps.tasks.models import Task
from apps.tasks.services.files import artifacts_accept


def address(world, phase=2):
    return f"/gates/{world.gate(phase).pk}"


def paper(world, phase=2, verdict="approve", **more):
    live = world.gate(phase).rounds.order_by("-number").first()
    return {"verdict": verdict, "evidence_digest": live.evidence_digest, **more}


@pytest.fixture
def opened(world):
    world.clear(2)
    world.open_round(2)
    return world


def test_it_votes_and_the_page_says_so(opened, browser):
    client = browser(opened.architect)
    answer = client.post(address(opened) + "/vote", paper(opened, comment="Good."), follow=True)
    assert answer.status_code == 200
    vote = Vote.objects.get(round__gate=opened.gate(2))
    assert (vote.person, vote.verdict, vote.comment) == (opened.architect, "approve", "Good.")
    assert opened.gate(2).status == "deciding"
    text = answer.content.decode()
    assert "You approved." in text
    assert "This gate passes" in text
    assert "Take back" in text


def test_it_takes_a_vote_back(opened, browser):
    client = browser(opened.architect)
    client.post(address(opened) + "/vote", paper(opened))
    client.post(address(opened) + "/vote", paper(opened, verdict="withdraw"))
    assert opened.gate(2).status == "open"


def test_anonymous_people_are_sent_to_sign_in(opened):
    answer = Client().post(address(opened) + "/vote", paper(opened))
    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in?next=")
    assert not Vote.objects.filter(round__gate=opened.gate(2)).exists()


def test_a_viewer_may_look_and_not_vote(opened, browser):
    client = browser(opened.viewer)
    assert client.get(address(opened)).status_code == 200
    answer = client.post(address(opened) + "/vote", paper(opened))
    assert answer.status_code == 403
    assert "As viewer you may not vote at a gate" in answer.content.decode()
    assert not Vote.objects.filter(round__gate=opened.gate(2)).exists()


def test_who_is_in_no_seats_group_may_not_vote(opened, browser):
    answer = browser(opened.outsider).post(address(opened) + "/vote", paper(opened))
    assert answer.status_code == 403
    assert "only members of architects vote" in answer.content.decode()


def test_without_the_csrf_token_nothing_is_decided(opened, browser):
    answer = browser(opened.architect, csrf=True).post(address(opened) + "/vote", paper(opened))
    assert answer.status_code == 403
    assert not Vote.objects.filter(round__gate=opened.gate(2)).exists()


def test_with_the_token_of_the_page_it_does(opened, browser):
    client = browser(opened.architect, csrf=True)
    page = client.get(address(opened)).content.decode()
    token = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[0]
    answer = client.post(address(opened) + "/vote", paper(opened, csrfmiddlewaretoken=token))
    assert answer.status_code == 302


@pytest.mark.parametrize("path", ["/vote", "/sign-in", "/ticks"])
def test_a_get_never_decides(opened, browser, path):
    answer = browser(opened.architect).get(address(opened) + path, paper(opened))
    assert answer.status_code == 405
    assert not Vote.objects.filter(round__gate=opened.gate(2)).exists()


def test_a_token_does_not_vote_here(opened):
    answer = Client(headers={"Authorization": "Bearer cp_anything"}).post(address(opened) + "/vote", paper(opened))
    assert answer.status_code == 302
    assert not Vote.objects.filter(round__gate=opened.gate(2)).exists()


def test_other_evidence_asks_again_with_the_difference(opened, browser):
    old = paper(opened, verdict="reject", reason_code="risk", comment="Too risky.", to_phase="1")
    opened.settle(2)
    from apps.gates import services

    services.round_supersede(round=opened.gate(2).rounds.get(outcome=""), why="A file has changed.")
    opened.open_round(2, evidence={"artifacts": {"a.md": "2" * 64}, "phase": 2, "number": 2})
    client = browser(opened.architect)
    answer = client.post(address(opened) + "/vote", old)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "a.md" in text
    assert not Vote.objects.filter(round__gate=opened.gate(2)).exists()
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', text.split("<form", 2)[-1]))
    again = client.post(address(opened) + "/vote", fields)
    assert again.status_code == 302
    vote = Vote.objects.get(round__gate=opened.gate(2))
    assert (vote.verdict, vote.reason_code, vote.to_phase, vote.comment) == ("reject", "risk", 1, "Too risky.")


def test_a_later_click_learns_who_decided_and_when(opened, browser):
    opened.vote(opened.architect, 2)
    opened.settle(2)
    answer = browser(opened.admin).post(address(opened) + "/vote", paper(opened))
    assert answer.status_code == 409
    assert "architect approved this round on" in answer.content.decode()


def test_an_old_sign_in_is_renewed_inline_and_the_vote_goes_on(opened, browser):
    opened.architect.set_password("open sesame 7")
    opened.architect.save()
    client = browser(opened.architect)
    session = client.session
    session["signed_in_at"] = (clock.now() - timedelta(hours=13)).isoformat()
    session.save()
    page = client.get(address(opened)).content.decode()
    assert "give your password again first" in page
    sent = paper(opened, comment="After a long day.")
    asked = client.post(address(opened) + "/vote", sent)
    assert asked.status_code == 403
    assert "Sign in again" in asked.content.decode()
    wrong = client.post(address(opened) + "/vote", {**sent, "password": "no"})
    assert wrong.status_code == 403
    assert not Vote.objects.filter(round__gate=opened.gate(2)).exists()
    assert client.post(address(opened) + "/vote", {**sent, "password": "open sesame 7"}).status_code == 302
    assert Vote.objects.get(round__gate=opened.gate(2)).comment == "After a long day."


def test_signing_in_again_comes_back_to_the_gate(opened, browser):
    opened.architect.set_password("open sesame 7")
    opened.architect.save()
    client = browser(opened.architect)
    session = client.session
    session["signed_in_at"] = (clock.now() - timedelta(hours=13)).isoformat()
    session.save()
    answer = client.post(address(opened) + "/sign-in", {"password": "open sesame 7"}, follow=True)
    assert answer.redirect_chain == [(address(opened), 302)]
    assert "give your password again first" not in answer.content.decode()


def test_a_failed_check_stops_an_approval_with_its_sentence(world, browser):
    world.clear(2)
    world.open_round(2, failing=("threats-listed",))
    client = browser(world.architect)
    answer = client.post(address(world) + "/vote", paper(world))
    assert answer.status_code == 422
    assert "threats-listed says so." in answer.content.decode()
    page = client.get(address(world)).content.decode()
    assert re.search(r'form="vote-approve"\s+disabled aria-describedby="why-approve"', page)


def test_conditions_are_named_for_each_check(world, browser):
    world.clear(2)
    world.open_round(2, failing=("threats-listed",))
    rows = {"condition_text": ["List them"], "condition_check": ["threats-listed"], "condition_due": ["3"]}
    sent = paper(world, verdict="approve_with_conditions", **rows)
    assert browser(world.architect).post(address(world) + "/vote", sent).status_code == 302
    vote = Vote.objects.get(round__gate=world.gate(2))
    assert vote.items == [{"text": "List them", "check": "threats-listed", "due_phase": 3, "owner": ""}]


def test_what_was_typed_is_kept_when_it_is_refused(opened, browser):
    sent = paper(opened, verdict="reject", comment="I can not say it shorter.", reason_code="", to_phase="1")
    answer = browser(opened.architect).post(address(opened) + "/vote", sent)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "I can not say it shorter." in text
    assert "Choose a reason" in text
    assert "data-open-now" in text


def test_requests_are_anchored(opened, browser):
    rows = {"item_text": ["Name the store", "", "Say why"], "item_anchor": ["docs/decisions.md:12", "x", ""]}
    sent = paper(opened, verdict="request_changes", **rows)
    assert browser(opened.architect).post(address(opened) + "/vote", sent).status_code == 302
    vote = Vote.objects.get(round__gate=opened.gate(2))
    assert [item["anchor"] for item in vote.items] == ["docs/decisions.md:12", ""]


def test_a_missing_gate_is_404(world, browser):
    answer = browser(world.owner).get("/gates/00000000-0000-0000-0000-000000000001")
    assert answer.status_code == 404


class TestSupplied:
    """The gate of a phase whose artifacts people brought along: no task could answer a request for changes."""

    @pytest.fixture
    def supplied(self, opened):
        goal = opened.goal
        Goal.objects.filter(pk=goal.pk).update(planning={"first_phase": 3}, status="running")
        Task.objects.filter(goal=goal, phase=2, kind="work").update(status="cancelled")
        goal.refresh_from_db()
        supplied_store(goal=goal, person=goal.owner, files={"docs/decisions.md": b"# Decisions"})
        digests = dict(goal.supplied.values_list("path", "blob_id"))
        goal.briefs.create(number=1, content=b"Do it.", sha256="0" * 64, added_by=goal.owner, added_at=clock.now())
        workspace_create(goal=goal)
        artifacts_accept(goal_id=goal.pk, attempt=None, changed=digests, deleted=())
        Goal.objects.filter(pk=goal.pk).update(head=workspace_head(goal=goal))
        return opened

    def test_the_page_says_before_a_click_that_nothing_can_be_asked_for(self, supplied, browser):
        text = browser(supplied.architect).get(address(supplied)).content.decode()
        assert "were supplied by people, so no task can change them. Supply a changed file instead, or reject." in text
        assert re.search(r'data-open-dialog="dialog-changes"\s+disabled', text)
        assert '<option value="docs/decisions.md">' in text
        assert 'data-open-dialog="dialog-supply"' in text

    def test_asking_all_the_same_is_refused_with_the_words(self, supplied, browser):
        asked = paper(supplied, verdict="request_changes", item_text="Otherwise.", item_anchor="")
        answer = browser(supplied.architect).post(address(supplied) + "/vote", asked)
        assert answer.status_code == 422
        assert "no task can change them" in answer.content.decode()
        assert not Vote.objects.filter(round__gate=supplied.gate(2)).exists()

    def test_a_changed_file_begins_the_gate_anew(self, supplied, browser):
        client = browser(supplied.goal.owner)
        live = supplied.gate(2).rounds.get()
        answer = client.post(
            address(supplied) + "/supply", {"path": "docs/decisions.md", "file": ContentFile(b"# Others", "x.md")},
            follow=True,
        )  # fmt: skip
        assert "It is supplied. The gate opens anew with it." in answer.content.decode()
        live.refresh_from_db()
        assert (live.outcome, supplied.gate(2).status) == ("superseded", "pending")
        assert bytes(supplied.goal.supplied.get().blob.content) == b"# Others"

    def test_a_gate_with_work_of_agents_has_no_such_words(self, opened, browser):
        text = browser(opened.architect).get(address(opened)).content.decode()
        assert "were supplied by people" not in text
        assert "dialog-supply" not in text
