"""The draft editor: the button on the plan page, forms as pages and in the dialog, words beside fields, staleness."""

import re
import uuid
from datetime import timedelta
from html import unescape

import pytest

from apps.core import clock
from apps.goals.models import Goal
from apps.planning import drafts
from apps.tasks.models import Plan, Task
from tests.dashboard.goals.conftest import HTMX, person


def text(response):
    """What a person reads."""
    plain = re.sub(r"<(script|style|svg)[\s\S]*?</\1>|<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", unescape(plain))


@pytest.fixture
def draft(world, owner):
    Task.objects.filter(plan=world.plan, phase=2).update(consumes=["work/p1-0.txt"])
    response = owner.post(f"/plans/{world.plan.pk}/draft")
    made = Plan.objects.get(status="draft")
    assert (response.status_code, response["Location"]) == (302, f"/plans/{made.pk}/edit")
    return made


def form(draft, kind, task=""):
    return f"/plans/{draft.pk}/edit/{kind}" + (f"?task={task}" if task else "")


CHANGE = {
    "title": "Do p1-0",
    "description": "What p1-0 is about.",
    "capability": "backend.feature",
    "consumes": "",
    "produces": "work/p1-0.txt",
    "acceptance": "p1-0 is there.",
    "optimistic": "1",
    "likely": "2",
    "pessimistic": "3",
    "agent": "",
}


def test_the_plan_page_offers_to_edit_and_lists_drafts(world, owner, draft):
    page = owner.get(f"/goals/{world.goal.pk}/plan")
    assert f"/plans/{world.plan.pk}/draft" in page.content.decode()
    assert "Edit plan" in text(page)
    assert f"/plans/{draft.pk}/edit" in page.content.decode()


def test_who_may_not_edit_sees_why(world, viewer, draft):
    page = viewer.get(f"/goals/{world.goal.pk}/plan").content.decode()
    assert re.search(r'id="edit-plan" disabled title="As viewer you may not', page)
    editor = viewer.get(f"/plans/{draft.pk}/edit")
    assert "As viewer you may not" in text(editor)
    assert "edit/change" not in editor.content.decode()
    assert viewer.post(f"/plans/{world.plan.pk}/draft").status_code == 302
    assert Plan.objects.filter(status="draft").count() == 1
    refused = viewer.post(form(draft, "change", "p1-0"), {**CHANGE, "likely": "2.5", "edition": "0"})
    assert (refused.status_code, "As viewer you may not" in text(refused)) == (403, True)


def test_the_editor_shows_tasks_by_phase_and_figures(owner, draft):
    page = text(owner.get(f"/plans/{draft.pk}/edit"))
    for words in ("Edit version 2", "Made from version 1", "Do p1-0", "1 Requirements", "7 Deployment", "Propose"):
        assert words in page
    assert "Nothing yet: the draft is as it was made from version 1." in page


def test_limits_that_the_draft_does_not_keep_are_named(world, owner, draft):
    assert "takes 14 min from now" not in text(owner.get(f"/plans/{draft.pk}/edit"))
    Goal.objects.filter(pk=world.goal.pk).update(deadline=clock.now() + timedelta(minutes=13), budget="1.00")
    page = text(owner.get(f"/plans/{draft.pk}/edit"))
    assert "the budget is 1.00 €" in page
    assert "It takes 14 min from now, and only 13 min are left until the deadline" in page
    Goal.objects.filter(pk=world.goal.pk).update(deadline=clock.now() - timedelta(days=1))
    page = text(owner.get(f"/plans/{draft.pk}/edit"))
    assert "It takes 14 min from now, and the deadline has passed" in page
    Goal.objects.filter(pk=world.goal.pk).update(deadline=clock.now() + timedelta(days=1))
    assert "the deadline" not in text(owner.get(f"/plans/{draft.pk}/edit"))


def test_change_a_task_by_a_form(owner, draft):
    shown = owner.get(form(draft, "change", "p1-0"))
    assert 'value="Do p1-0"' in shown.content.decode()
    answer = owner.post(form(draft, "change", "p1-0"), {**CHANGE, "likely": "2.5", "edition": "0"})
    assert answer["Location"] == f"/plans/{draft.pk}/edit"
    edition = draft.editions.get(number=1)
    assert edition.operation == {"kind": "change", "task": "p1-0", "likely": 2.5}
    page = text(owner.get(f"/plans/{draft.pk}/edit"))
    assert "Changed estimate of “Do p1-0”." in page
    assert "Before: 14 min" in page


def test_with_htmx_the_dialog_gets_a_toast_and_the_page_reads_itself_again(owner, draft):
    answer = owner.post(form(draft, "change", "p1-0"), {**CHANGE, "title": "Ask", "edition": "0"}, headers=HTMX)
    assert answer.status_code == 204
    assert "draft-editor" in answer["HX-Trigger"]
    region = owner.get(f"/plans/{draft.pk}/edit", headers=HTMX).content.decode()
    assert 'id="draft-editor"' in region
    assert "<html" not in region


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("title", "", "Give the task a title"),
        ("capability", "backend.magic", "No method and no agent knows"),
        ("likely", "0", "minutes above 0"),
        ("likely", "much", "Write a number"),
        ("pessimistic", "1", "can't be below the likely"),
        ("acceptance", "", "how one sees"),
        ("produces", "", "at least one file"),
        ("consumes", "nothing/makes.this", "no task would make that"),
        ("reach", "-1", "Give a number from 0"),
    ],
)
def test_words_stand_beside_the_bad_field(owner, draft, field, value, words):
    answer = owner.post(form(draft, "change", "p1-0"), {**CHANGE, field: value, "edition": "0"}, headers=HTMX)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert re.search(rf'id="id_{field}_error"[\s\S]*?{words}', unescape(page)), page
    assert Plan.objects.get(pk=draft.pk).edition == 0


def test_rice_is_edited_and_derived_again(owner, draft):
    owner.post(form(draft, "change", "p1-0"), {**CHANGE, "reach": "9", "edition": "0"})
    shown = owner.get(form(draft, "change", "p1-0")).content.decode()
    assert 'value="9.0"' in shown
    assert "Edited by owner: 9, where it would be 7." in unescape(shown)
    owner.post(form(draft, "change", "p1-0"), {**CHANGE, "reach": "", "edition": "1"})
    assert draft.editions.get(number=2).operation["rice"] == {"reach": None}


def test_nothing_changed_says_so(owner, draft):
    answer = owner.post(form(draft, "change", "p1-0"), {**CHANGE, "edition": "0"}, headers=HTMX)
    assert (answer.status_code, "is like that already" in text(answer)) == (422, True)


def test_add_split_move_take_out(owner, draft):
    new = {**CHANGE, "title": "Ask people", "produces": "notes.md", "phase": "3"}
    assert 'value="3" selected' in owner.get(form(draft, "add") + "?phase=3").content.decode()
    assert owner.post(form(draft, "add"), {**new, "edition": "0"}).status_code == 302
    parts = {"title_1": "A", "produces_1": "notes.md", "title_2": "B", "produces_2": "more.md", "in_order": "on"}
    key = "added-ask-people"
    assert owner.post(form(draft, "split", key), {**parts, "edition": "1"}).status_code == 302
    move = {"other": f"{key}.1", "place": "before", "waits": "on", "edition": "2"}
    answer = owner.post(form(draft, "move", f"{key}.2"), move, headers=HTMX)
    assert (answer.status_code, "in a circle" in text(answer)) == (422, True)
    assert owner.post(form(draft, "move", f"{key}.2"), {"phase": "7", "edition": "2"}).status_code == 302
    page = text(owner.get(f"/plans/{draft.pk}/edit"))
    assert "comes after “A”" in page
    assert owner.post(form(draft, "remove", f"{key}.2"), {"edition": "3"}).status_code == 302
    words = list(draft.editions.order_by("number").values_list("words", flat=True))
    assert words[1:] == [
        "Added “Ask people” to phase 3.",
        "Split “Ask people” into 2.",
        "Moved “B” to phase 7.",
        "Took out “B”.",
    ]


def test_a_part_has_its_words_beside_it(owner, draft):
    parts = {"title_1": "A", "produces_1": "work/p1-0.txt", "title_2": "B", "produces_2": "", "edition": "0"}
    answer = owner.post(form(draft, "split", "p1-0"), parts, headers=HTMX)
    assert re.search(r'id="id_produces_2_error"[\s\S]*?at least one file', answer.content.decode())


def test_an_order_is_taken_out_in_the_list(owner, draft, world):
    drafts.draft_edit(
        plan=draft,
        person=world.goal.owner,
        edition=0,
        operation={"kind": "add", "phase": 1, "title": "New", "capability": "backend.feature", "produces": ["n"],
                   "acceptance": ["x"], "optimistic": 1, "likely": 1, "pessimistic": 1},
    )  # fmt: skip
    order = {"other": "p1-0", "place": "after", "waits": "on", "edition": "1"}
    assert owner.post(form(draft, "move", "added-new"), order).status_code == 302
    assert "comes after “Do p1-0”" in text(owner.get(f"/plans/{draft.pk}/edit"))
    data = {"before": "p1-0", "after": "added-new", "edition": "2"}
    assert owner.post(f"/plans/{draft.pk}/edit/unorder", data, headers=HTMX).status_code == 204
    assert "comes after" not in text(owner.get(f"/plans/{draft.pk}/edit"))


def test_it_refuses_to_take_out_what_others_need(owner, draft):
    answer = owner.post(form(draft, "remove", "p6-0"), {"edition": "0"}, headers=HTMX)
    assert (answer.status_code, "“Do p7-0” needs what “Do p6-0” makes" in text(answer)) == (422, True)
    assert owner.post(form(draft, "remove", "p6-0"), {"edition": "0", "cascade": "on"}).status_code == 302


def test_undo_and_redo(owner, draft):
    owner.post(form(draft, "change", "p1-0"), {**CHANGE, "title": "Ask", "edition": "0"})
    assert owner.post(f"/plans/{draft.pk}/edit/undo", {"edition": "1"}, headers=HTMX).status_code == 204
    page = text(owner.get(f"/plans/{draft.pk}/edit"))
    assert "Do p1-0" in page
    assert "undone Changed title" in page
    assert owner.post(f"/plans/{draft.pk}/edit/redo", {"edition": "0"}).status_code == 302
    assert Plan.objects.get(pk=draft.pk).edition == 1
    refused = owner.post(f"/plans/{draft.pk}/edit/redo", {"edition": "1"}, headers=HTMX)
    assert (refused.status_code, "nothing to redo" in refused.content.decode()) == (409, True)


def test_two_people_the_second_sees_what_changed(owner, draft, browser_of):
    second = browser_of(person("ben", "lead", "owners"))
    owner.post(form(draft, "change", "p1-0"), {**CHANGE, "likely": "2.5", "edition": "0"})
    late = {**CHANGE, "title": "Decide", "edition": "0"}
    dialog = second.post(form(draft, "change", "p1-0"), late, headers=HTMX)
    page = second.post(form(draft, "change", "p1-0"), late)
    for answer in (dialog, page):
        assert answer.status_code == 409
        words = text(answer)
        assert "owner changed this draft while you looked at it. Your edit was not done." in words
        assert "Changed estimate of “Do p1-0”. owner" in words
        assert "Duration 14 →" in words
        assert "Edit it as it is now" in words
    assert "draft-editor" in dialog["HX-Trigger"]


def test_a_task_that_is_gone(owner, draft):
    assert owner.get(form(draft, "change", "nothing")).status_code == 409
    assert "no longer in the draft" in text(owner.get(form(draft, "change", "nothing"), headers=HTMX))


def test_propose_from_the_page(owner, draft, world):
    owner.post(form(draft, "change", "p1-0"), {**CHANGE, "title": "Ask", "edition": "0"})
    stale = owner.post(f"/plans/{draft.pk}/edit/propose", {"edition": "0"}, follow=True)
    assert "changed this draft" in text(stale)
    answer = owner.post(f"/plans/{draft.pk}/edit/propose", {"edition": "1"})
    assert answer["Location"] == f"/goals/{world.goal.pk}/plan"
    assert Plan.objects.get(pk=draft.pk).status == "proposed"
    assert "Version 2 is proposed, so it is not changed any more" in text(owner.get(f"/plans/{draft.pk}/edit"))


def test_discard_from_the_page(owner, draft):
    assert owner.post(f"/plans/{draft.pk}/edit/discard").status_code == 302
    assert "Make a draft from it" in text(owner.get(f"/plans/{draft.pk}/edit"))


def test_a_running_goal_s_draft_is_activated_elsewhere_and_what_was_begun_is_locked(owner, draft, world):
    world.start().attempt()
    page = owner.get(f"/plans/{draft.pk}/edit").content.decode()
    assert f"/plans/{draft.pk}/activation" in page
    assert f"/plans/{draft.pk}/edit/propose" not in page
    assert "edit/change?task=p1-0" not in page
    assert "edit/change?task=p2-0" in page


@pytest.mark.parametrize("act", ["undo", "redo", "unorder", "propose", "discard"])
def test_wrong_method_and_missing(owner, draft, act):
    assert owner.get(f"/plans/{draft.pk}/edit/{act}").status_code == 405
    assert owner.post(f"/plans/{uuid.uuid4()}/edit/{act}").status_code == 404


def test_addresses_that_are_none(owner, draft, client):
    assert owner.get(f"/plans/{draft.pk}/edit/explode").status_code == 404
    assert owner.get(f"/plans/{uuid.uuid4()}/edit").status_code == 404
    assert owner.get(f"/plans/{draft.pk}/draft").status_code == 405
    assert client.get(f"/plans/{draft.pk}/edit").status_code == 302


def test_what_people_type_is_shown_as_text(owner, draft):
    hostile = "<script>alert(1)</script>"
    owner.post(form(draft, "change", "p1-0"), {**CHANGE, "title": hostile, "edition": "0"})
    for address in (f"/plans/{draft.pk}/edit", form(draft, "change", "p1-0"), form(draft, "split", "p1-0")):
        assert hostile not in owner.get(address).content.decode()


def test_the_page_takes_the_same_queries_whatever_its_size(owner, draft, django_assert_max_num_queries):
    with django_assert_max_num_queries(20):
        owner.get(f"/plans/{draft.pk}/edit")
