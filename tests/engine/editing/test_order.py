"""Moving tasks, and the orders that people add beside the artifacts."""

import pytest

from apps.engine.editing import BadInput, EditRefused, Rules
from apps.engine.editing.errors import Backwards, Circle, Locked, NothingToDo, NotWithoutReason, UnknownTask
from tests.engine.editing.world import RULES, edges_of, edit, of, plan


def pair():
    """Two tasks of phase 4 that may run together: add, and list without its input."""
    return edit(plan(), kind="change", task="list", consumes=[]).blueprint


def test_one_task_waits_for_another():
    found = edit(pair(), kind="order", before="list", after="add")
    assert found.words == "“Do add” comes after “Do list”."
    assert ("list", "add", "") in edges_of(found.blueprint)
    assert (of(found.blueprint, "add")["planned_start"], found.blueprint["minutes"]) == (4, 16)
    assert pair()["minutes"] == 12


def test_an_order_can_be_taken_out_again():
    ordered = edit(pair(), kind="order", before="list", after="add").blueprint
    found = edit(ordered, kind="unorder", before="list", after="add")
    assert found.words == "“Do add” need not wait for “Do list” any more."
    assert edges_of(found.blueprint) == edges_of(pair())
    assert found.blueprint["minutes"] == 12


def test_what_follows_from_an_artifact_is_no_order_to_be_taken_out():
    with pytest.raises(NotWithoutReason, match=r"needs service/add.py of “Do add”"):
        edit(plan(), kind="unorder", before="add", after="list")
    with pytest.raises(NothingToDo, match="does not wait"):
        edit(plan(), kind="unorder", before="test", after="add")


def test_a_circle_is_refused_and_named():
    with pytest.raises(Circle) as refused:
        edit(plan(), kind="order", before="list", after="add")
    words = "The tasks would wait for each other in a circle: "
    assert str(refused.value).startswith(words)
    assert "“Do list” needs service/add.py of “Do add”" in str(refused.value)
    assert "“Do add” comes after “Do list”" in str(refused.value)


def test_an_order_against_the_phases_is_refused():
    with pytest.raises(Backwards, match=r"“Do list” in phase 4 comes after “Do page” in phase 5.*its gate"):
        edit(edit(plan(), kind="change", task="page", consumes=[]).blueprint, kind="order", before="page", after="list")


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [("add", "list", "comes after “Do add” already"), ("add", "test", "already"), ("add", "page", "already")],
)
def test_an_order_that_holds_already_is_not_added(before, after, words):
    with pytest.raises(NothingToDo, match=words):
        edit(plan(), kind="order", before=before, after=after)


def test_an_order_that_the_gate_keeps_is_not_added():
    apart = edit(plan(), kind="change", task="page", consumes=[]).blueprint
    with pytest.raises(NothingToDo, match="the gate between them keeps that order already"):
        edit(apart, kind="order", before="list", after="page")


def test_move_before_and_after():
    before = edit(pair(), kind="move", task="list", before="add")
    assert before.words == "Moved “Do list” before “Do add”."
    assert [one["key"] for one in before.blueprint["tasks"]][:2] == ["list", "add"]
    after = edit(pair(), kind="move", task="add", after="list")
    assert edges_of(after.blueprint) == edges_of(before.blueprint)


def test_move_in_the_list_alone_where_the_timeline_leaves_it_open():
    found = edit(pair(), kind="move", task="list", before="add", waits=False).blueprint
    assert [one["key"] for one in found["tasks"]][:2] == ["list", "add"]
    assert edges_of(found) == edges_of(pair())
    assert found["minutes"] == 12
    back = edit(found, kind="move", task="list", after="add", waits=False).blueprint
    assert [one["key"] for one in back["tasks"]][:2] == ["add", "list"]
    with pytest.raises(EditRefused, match="planned to begin at 4 min and “Do add” at 0: the timeline says"):
        edit(plan(), kind="move", task="list", before="add", waits=False)


def test_move_to_another_phase():
    found = edit(plan(), kind="move", task="test", phase=7)
    assert found.words == "Moved “Do test” to phase 7."
    assert (of(found.blueprint, "test")["phase"], "6" in found.blueprint["notes"]) == (7, True)
    together = edit(plan(), kind="move", task="page", phase=4).blueprint
    assert of(together, "page")["planned_start"] == 8


def test_move_beside_a_task_of_another_phase():
    apart = edit(plan(), kind="change", task="test", consumes=["service/add.py"]).blueprint
    moved = edit(apart, kind="move", task="test", before="page").blueprint
    assert (of(moved, "test")["phase"], ("test", "page", "") in edges_of(moved)) == (5, True)


@pytest.mark.parametrize(("task", "phase"), [("page", 7), ("list", 6), ("test", 4)])
def test_a_phase_never_waits_for_a_later_one(task, phase):
    with pytest.raises(Backwards, match="a phase can't wait for a later one"):
        edit(plan(), kind="move", task=task, phase=phase)


@pytest.mark.parametrize(
    ("move", "field"),
    [
        ({}, "phase"),
        ({"phase": 0}, "phase"),
        ({"before": "add"}, "before"),
        ({"before": "list", "after": "page"}, "before"),
        ({"before": "list", "phase": 5}, "phase"),
    ],
)
def test_a_move_that_says_nothing_is_refused_by_its_field(move, field):
    with pytest.raises(BadInput) as refused:
        edit(plan(), kind="move", task="add", **move)
    assert list(refused.value.fields) == [field]


def test_where_it_is_already():
    with pytest.raises(NothingToDo, match="in phase 4 already"):
        edit(plan(), kind="move", task="add", phase=4)


def test_unknown_tasks_are_refused_by_their_field():
    for data, field in (
        ({"kind": "move", "task": "add", "before": "x"}, "before"),
        ({"kind": "order", "before": "add", "after": "x"}, "after"),
        ({"kind": "unorder", "before": "x", "after": "add"}, "before"),
    ):
        with pytest.raises(UnknownTask) as refused:
            edit(plan(), **data)
        assert refused.value.field == field
    with pytest.raises(BadInput, match="can't wait for itself"):
        edit(plan(), kind="order", before="add", after="add")


def test_begun_tasks_wait_for_nothing_new_but_others_may_wait_for_them():
    rules = Rules(RULES.settings, "anna", RULES.capabilities, {"add": "is running"})
    with pytest.raises(Locked, match="is running"):
        edit(pair(), rules, kind="order", before="list", after="add")
    with pytest.raises(Locked):
        edit(pair(), rules, kind="move", task="add", phase=5)
    assert edit(pair(), rules, kind="order", before="add", after="list").blueprint["minutes"] == 16
