"""Order, cost, critical path, timeline and RICE follow from the tasks and edges of a blueprint."""

from dataclasses import replace

import pytest

from apps.engine.editing import reschedule
from apps.engine.editing.timetable import EMPTIED
from apps.engine.work import CyclicWork
from tests.engine.editing.world import BUILDER, SETTINGS, edit, of, plan


def test_figures_follow_from_the_tasks():
    found = plan()
    assert (found["minutes"], found["lower_bound_minutes"], found["proven"]) == (16, 16, True)
    assert (found["critical_minutes"], found["cost"], found["slots"]) == (16, "8.00", 4)
    assert [(one["key"], one["planned_start"], one["planned_finish"]) for one in found["tasks"]] == [
        ("add", 0, 4), ("list", 4, 8), ("page", 8, 12), ("test", 12, 16),
    ]  # fmt: skip
    assert [one["position"] for one in found["tasks"]] == [0, 1, 2, 3]
    assert [one["bottom_level"] for one in found["tasks"]] == [16, 12, 8, 4]
    assert all(one["critical"] for one in found["tasks"])


def test_priority_is_derived_and_says_from_what():
    add = of(plan(), "add")
    assert (add["reach"], add["impact"], add["effort"]) == (4, 1, 4)
    assert add["rice"] == pytest.approx(4 * 1 * add["confidence"] / 4)
    assert add["reasons"]["reach"] == "The task itself and 3 that wait for it, directly or through others."


def test_it_is_the_same_again_and_leaves_what_it_was_given():
    before = plan()
    copy = reschedule(before, SETTINGS)
    assert copy == before
    copy["tasks"][0]["title"] = "Another"
    assert before["tasks"][0]["title"] == "Do add"


def test_one_agent_for_two_tasks_makes_it_longer():
    wide = edit(plan(), kind="change", task="list", consumes=["strategic_prompt.txt"]).blueprint
    assert wide["minutes"] == 12
    alone = replace(SETTINGS, workers=(replace(BUILDER, limit=1),))
    assert reschedule(wide, alone)["minutes"] == 16


def test_a_wanted_agent_does_the_task_alone():
    twins = (replace(BUILDER, limit=1), replace(BUILDER, slug="second", limit=1))
    settings = replace(SETTINGS, workers=twins)
    wide = edit(plan(), kind="change", task="list", consumes=["strategic_prompt.txt"]).blueprint
    assert reschedule(wide, settings)["minutes"] == 12
    for one in wide["tasks"]:
        one["wanted_agent"] = "builder" if one["phase"] == 4 else ""
    assert reschedule(wide, settings)["minutes"] == 16


def test_a_wanted_agent_who_is_gone_is_nobody():
    found = plan()
    found["tasks"][0]["wanted_agent"] = "nobody"
    assert reschedule(found, SETTINGS)["minutes"] == 16


def test_a_phase_that_was_emptied_says_so_and_one_that_was_filled_says_nothing():
    found = edit(plan(), kind="remove", task="test").blueprint
    assert found["notes"]["6"] == EMPTIED
    assert found["notes"]["1"] == "It was all said."
    more = {"produces": ["a.md"], "acceptance": ["It is there."], "optimistic": 1, "likely": 1, "pessimistic": 1}
    filled = edit(found, kind="add", phase=1, title="Ask", capability="writing.section", **more).blueprint
    assert "1" not in filled["notes"]


def test_it_refuses_a_circle():
    found = plan()
    found["edges"].append({"producer": "list", "consumer": "add", "artifact": ""})
    with pytest.raises(CyclicWork):
        reschedule(found, SETTINGS)
