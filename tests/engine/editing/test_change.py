"""Changing what one task is."""

import pytest

from apps.engine.editing import BadInput, Rules
from apps.engine.editing.errors import Locked, NothingToDo, Orphan, SharedOutput
from tests.engine.editing.world import RULES, edges_of, edit, of, plan


def test_words():
    found = edit(plan(), kind="change", task="add", title=" Add  a book ", description="All of it.\r\nReally.")
    assert found.words == "Changed title and description of “Do add”."
    assert of(found.blueprint, "add")["title"] == "Add a book"
    assert of(found.blueprint, "add")["description"] == "All of it.\nReally."


def test_an_estimate_of_three_points_says_by_whom_and_what_it_was():
    found = edit(plan(), kind="change", task="add", optimistic=1, likely=1, pessimistic=7)
    add = of(found.blueprint, "add")
    assert (add["minutes"], add["estimate_source"], add["effort"]) == (2, "edited", 2)
    assert add["reasons"]["estimate"] == "Edited by anna: before, it was 2, 4, 6 minutes (default)."
    assert (found.blueprint["minutes"], found.blueprint["cost"]) == (14, "7.00")
    assert found.words == "Changed estimate of “Do add”."


def test_one_point_alone_keeps_the_others():
    add = of(edit(plan(), kind="change", task="add", pessimistic=12).blueprint, "add")
    assert (add["optimistic"], add["likely"], add["pessimistic"], add["minutes"]) == (2, 4, 12, 5)
    with pytest.raises(BadInput, match="can't be below the likely"):
        edit(plan(), kind="change", task="add", pessimistic=3)


def test_acceptance_and_agent():
    found = edit(plan(), kind="change", task="add", acceptance=["It adds.", " It adds. ", ""], agent="builder")
    add = of(found.blueprint, "add")
    assert (add["acceptance"], add["wanted_agent"]) == (["It adds."], "builder")
    assert found.words == "Changed acceptance and agent of “Do add”."
    assert of(edit(found.blueprint, kind="change", task="add", agent="").blueprint, "add")["wanted_agent"] == ""


def test_an_agent_must_have_the_capability():
    with pytest.raises(BadInput, match=r"'painter' can't do backend.feature. It can do: frontend.page"):
        edit(plan(), kind="change", task="add", agent="painter")
    wanted = edit(plan(), kind="change", task="add", agent="builder").blueprint
    with pytest.raises(BadInput, match=r"'builder' can't do frontend.page"):
        edit(wanted, kind="change", task="add", capability="frontend.page")
    both = edit(wanted, kind="change", task="add", capability="frontend.page", agent="painter").blueprint
    assert of(both, "add")["wanted_agent"] == "painter"


def test_inputs_and_outputs_move_the_edges():
    found = edit(plan(), kind="change", task="test", consumes=["service/list.py"]).blueprint
    assert {edge for edge in edges_of(found) if edge[1] == "test"} == {("list", "test", "service/list.py")}
    with pytest.raises(Orphan, match=r"“Do list” needs service/add.py; “Do test” needs service/add.py"):
        edit(plan(), kind="change", task="add", produces=["service/plus.py"])
    with pytest.raises(SharedOutput, match=r"would both make service/add\.py"):
        edit(plan(), kind="change", task="page", produces=["pages/list.html", "service/add.py"])


def test_rice_inputs_are_kept_and_the_others_derived():
    found = edit(plan(), kind="change", task="add", rice={"reach": 9, "impact": 3})
    add = of(found.blueprint, "add")
    assert found.words == "Changed priority of “Do add”."
    assert (add["reach"], add["impact"], add["effort"]) == (9, 3, 4)
    assert add["rice"] == pytest.approx(9 * 3 * add["confidence"] / 4)
    assert add["reasons"]["reach"].startswith("Edited by anna: 9, where it would be 4. The task itself")
    later = of(edit(found.blueprint, kind="change", task="add", likely=5).blueprint, "add")
    assert (later["reach"], later["effort"]) == (9, pytest.approx(28 / 6))


def test_an_edited_input_can_be_derived_again():
    found = edit(plan(), kind="change", task="add", rice={"reach": 9}).blueprint
    assert edit(found, kind="change", task="add", rice={"reach": None}).blueprint == plan()


def test_setting_what_is_derived_already_changes_nothing():
    with pytest.raises(NothingToDo):
        edit(plan(), kind="change", task="add", rice={"reach": 4, "impact": None})


@pytest.mark.parametrize(
    ("rice", "field"),
    [
        ({"reach": -1}, "reach"),
        ({"confidence": 1.1}, "confidence"),
        ({"effort": 0}, "effort"),
        ({"impact": 11}, "impact"),
    ],
)
def test_rice_inputs_have_limits(rice, field):
    with pytest.raises(BadInput) as refused:
        edit(plan(), kind="change", task="add", rice=rice)
    assert list(refused.value.fields) == [field]


@pytest.mark.parametrize(
    "same",
    [
        {},
        {"title": "Do add"},
        {"optimistic": 2, "likely": 4, "pessimistic": 6},
        {"agent": ""},
        {"capability": "backend.feature"},
        {"acceptance": ["add is there."]},
        {"consumes": ["strategic_prompt.txt"]},
    ],
)
def test_nothing_to_do(same):
    with pytest.raises(NothingToDo, match="“Do add” is like that already"):
        edit(plan(), kind="change", task="add", **same)


def test_what_was_begun_is_not_changed():
    rules = Rules(RULES.settings, "anna", RULES.capabilities, {"add": "is completed"})
    with pytest.raises(Locked, match="Add a task beside it instead"):
        edit(plan(), rules, kind="change", task="add", title="Other")
    with pytest.raises(Orphan):
        edit(plan(), rules, kind="change", task="list", produces=["service/other.py"])


def test_what_its_method_makes_is_kept_apart_from_what_people_named():
    once = edit(plan(), kind="change", task="page", produces=["pages/list.html", "docs/page.md"]).blueprint
    assert of(once, "page")["parameters"] == {"feature": "page", "planned": ["pages/list.html"]}
    twice = edit(once, kind="change", task="page", produces=["pages/list.html", "docs/a.md"]).blueprint
    assert of(twice, "page")["parameters"]["planned"] == ["pages/list.html"]
    same = edit(plan(), kind="change", task="page", title="Pages", produces=["pages/list.html"]).blueprint
    assert "planned" not in of(same, "page")["parameters"]
