"""Two people at one draft, each on a connection of their own: one edit is done, the other person is told."""

from collections.abc import Callable
from typing import Any

import pytest

from apps.accounts import services as accounts
from apps.core.errors import Conflict, StaleDraft
from apps.planning import drafts
from apps.planning.drafts import draft_discard, draft_edit, draft_propose, draft_undo
from apps.tasks.models import Plan, PlanEdition, Task
from tests.api.world import World, world_made
from tests.concurrency import Holding, InThread, together

pytestmark = pytest.mark.django_db(transaction=True)


def _person(username: str) -> Any:
    accounts.groups_seed()
    return accounts.person_create(username=username, password="a long sentence", role="lead", groups=["owners"])


@pytest.fixture
def anna(transactional_db: None) -> Any:
    return _person("anna")


@pytest.fixture
def ben(transactional_db: None) -> Any:
    return _person("ben")


@pytest.fixture
def world(anna: Any) -> World:
    return world_made(anna)


@pytest.fixture
def draft(world: World, anna: Any) -> Plan:
    blueprint = drafts.blueprint_of(world.plan)
    return drafts.draft_create(
        goal=world.goal, origin="edit", base=world.plan, blueprint=blueprint, person=anna, why="Too long."
    )


def titled(draft: Plan, person: Any, title: str) -> Callable[[], Any]:
    """An edit of the edition that this person saw; what came of it."""
    operation = {"kind": "change", "task": "p1-0", "title": title}
    return outcome(lambda: draft_edit(plan=draft, person=person, edition=draft.edition, operation=operation))


def outcome(function: Callable[[], Any]) -> Callable[[], Any]:
    def run() -> Any:
        try:
            return function()
        except Conflict as error:
            return error

    return run


def title(draft: Plan) -> str:
    tasks = drafts.blueprint_of(Plan.objects.get(pk=draft.pk))["tasks"]
    return next(str(task["title"]) for task in tasks if task["key"] == "p1-0")


def test_of_two_edits_at_once_one_is_done_and_the_other_person_is_told(draft, anna, ben):
    results = together(titled(draft, anna, "By Anna"), titled(draft, ben, "By Ben"))
    stale = next(one for one in results if isinstance(one, StaleDraft))
    done = next(one for one in results if isinstance(one, Plan))
    winner = "Anna" if results[0] is done else "Ben"
    assert title(draft) == f"By {winner}"
    assert (done.edition, PlanEdition.objects.filter(plan=draft).count()) == (1, 2)
    assert [one["by"] for one in stale.extra["since"]] == [winner.lower()]
    assert "title" in stale.extra["difference"]["figures"][0]["fields"]


def test_the_second_waits_for_the_first_and_then_sees_what_it_did(draft, anna, ben):
    with Holding(titled(draft, anna, "By Anna")) as first:
        second = InThread(titled(draft, ben, "By Ben"))
        second.until_it_waits()
        assert first.commit().edition == 1
        assert isinstance(second.result(), StaleDraft)
    assert title(draft) == "By Anna"


def test_an_edit_that_is_rolled_back_leaves_the_other_to_be_done(draft, anna, ben):
    with Holding(titled(draft, anna, "By Anna")) as first:
        second = InThread(titled(draft, ben, "By Ben"))
        second.until_it_waits()
        first.roll_back()
        assert second.result().edition == 1
    assert title(draft) == "By Ben"


def test_an_edit_meets_an_undo(draft, anna, ben):
    edited = titled(draft, anna, "By Anna")()
    undo = outcome(lambda: draft_undo(plan=draft, person=ben, edition=1))
    results = together(titled(edited, anna, "Again by Anna"), undo)
    assert sorted(type(one).__name__ for one in results) == ["Plan", "StaleDraft"]
    assert title(draft) == ("Again by Anna" if isinstance(results[0], Plan) else "Do p1-0")


@pytest.mark.parametrize("other", [draft_discard, lambda *, plan, person: draft_propose(plan=plan, person=person)])
def test_an_edit_meets_the_end_of_the_draft(world, draft, anna, ben, other):
    """Either order is right; a draft that is proposed is proposed as it stood at that moment, with or without it."""
    results = together(titled(draft, anna, "By Anna"), outcome(lambda: other(plan=draft, person=ben)))
    assert isinstance(results[1], Plan)
    now = Plan.objects.get(pk=draft.pk)
    assert now.status in ("discarded", "proposed")
    assert now.edition == (1 if isinstance(results[0], Plan) else 0)
    if now.status == "proposed":
        expected = "By Anna" if isinstance(results[0], Plan) else "Do p1-0"
        assert Task.objects.get(plan=draft, key="p1-0").title == expected


def test_two_people_propose_different_drafts_and_one_of_them_is_told(world, draft, anna, ben):
    other = drafts.draft_create(
        goal=world.goal,
        origin="edit",
        base=world.plan,
        blueprint=drafts.blueprint_of(world.plan),
        person=ben,
        why="Otherwise.",
    )
    results = together(
        outcome(lambda: draft_propose(plan=draft, person=anna)), outcome(lambda: draft_propose(plan=other, person=ben))
    )
    assert sorted(type(one).__name__ for one in results) == ["Conflict", "Plan"]
    assert Plan.objects.filter(goal=world.goal, status="proposed").count() == 1
