"""Hand-made changes of a plan, carried over to another: what fits is done, what does not is named."""

from copy import deepcopy

import pytest

from apps.engine.carrying import Changes, carry, changes_between
from apps.engine.planner import Settings

SETTINGS = Settings()
KNOWN = frozenset({"a.b"})


def task(key, produces, consumes=(), phase=1, **more):
    return {
        "key": key, "phase": phase, "position": 0, "title": key.title(), "description": "", "capability": "a.b",
        "consumes": list(consumes), "produces": list(produces), "parameters": {}, "acceptance": ["It is there."],
        "optimistic": 1.0, "likely": 2.0, "pessimistic": 3.0, "minutes": 2.0, "estimate_source": "default",
        "reasons": {}, **more,
    }  # fmt: skip


@pytest.fixture
def plan():
    return {
        "tasks": [task("facts", ["facts.md"], ["brief.txt"]), task("build", ["app.py"], ["facts.md"], phase=4)],
        "edges": [{"producer": "facts", "consumer": "build", "artifact": "facts.md"}],
        "given": ["brief.txt"],
        "minutes": 4.0,
    }


def carried(plan, *, known=KNOWN, **changes):
    before = deepcopy(plan)
    found = carry(plan, Changes(**changes), SETTINGS, known)
    assert plan == before
    return found


def keys(found):
    return [one["key"] for one in found.blueprint["tasks"]]


def test_an_added_task_whose_inputs_are_made_goes_along_and_the_plan_is_rescheduled(plan):
    found = carried(plan, added=(task("manual", ["manual.md"], ["app.py"], phase=4),))

    assert keys(found) == ["facts", "build", "manual"]
    assert (found.added, found.removed, found.words) == (1, 0, ())
    assert found.blueprint["minutes"] == 6
    assert {"producer": "build", "consumer": "manual", "artifact": "app.py"} in found.blueprint["edges"]


def test_an_added_task_without_its_inputs_is_left_out_with_what_needed_it(plan):
    found = carried(plan, added=(task("b", ["b.md"], ["a.md"]), task("a", ["a.md"], ["gone.md"])))

    assert keys(found) == ["facts", "build"]
    assert found.words == (
        "“A” was left out: nothing here makes gone.md.",
        "“B” was left out: nothing here makes a.md.",
    )


def test_what_is_made_already_is_not_made_twice(plan):
    found = carried(plan, added=(task("other", ["app.py"], phase=4),))

    assert found.words == ("“Other” was left out: “Build” makes app.py already.",)


def test_a_capability_that_nobody_knows_is_named(plan):
    found = carried(plan, known=frozenset(), added=(task("manual", ["manual.md"]),))

    assert found.words == ("“Manual” was left out: nothing knows the capability a.b.",)


def test_a_task_that_was_taken_out_is_taken_out_again_unless_it_is_needed(plan):
    assert keys(carried(plan, removed=("build", "unheard-of"))) == ["facts"]
    found = carried(plan, removed=("facts",))
    assert keys(found) == ["facts", "build"]
    assert found.words == ("“Facts” stays, because “Build” needs what it makes.",)


def test_a_split_goes_along_as_a_whole(plan):
    parts = (task("build.1", ["app.py"], ["facts.md"], phase=4), task("build.2", ["more.py"], ["app.py"], phase=4))
    found = carried(plan, added=parts, removed=("build",), orders=(("build.1", "build.2"),))

    assert keys(found) == ["facts", "build.1", "build.2"]
    assert {"producer": "build.1", "consumer": "build.2", "artifact": ""} in found.blueprint["edges"]


def test_what_would_not_hold_changes_nothing(plan):
    found = carried(plan, orders=(("build", "facts"),))

    assert found.blueprint is plan
    assert "the plan would not hold" in found.words[0]


def test_changes_are_found_between_two_plans_and_kept_as_json(plan):
    after = deepcopy(plan)
    after["tasks"] = [after["tasks"][0], task("manual", ["manual.md"])]
    after["edges"] = [{"producer": "facts", "consumer": "manual", "artifact": ""}]

    found = changes_between(plan, after)

    assert ([one["key"] for one in found.added], found.removed) == (["manual"], ("build",))
    assert found.orders == (("facts", "manual"),)
    assert Changes.of(found.as_dict()) == found
    assert not Changes.of({})
