"""The difference of two blueprints: every task in exactly one place, and only other work counts as changed."""

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.engine.differences import difference


def task(key: str, phase: int = 4, **changes: Any) -> dict[str, Any]:
    row = {
        "key": key,
        "phase": phase,
        "title": f"Do {key}",
        "description": f"What {key} is.",
        "capability": "backend.feature",
        "consumes": [],
        "produces": [f"{key}.txt"],
        "parameters": {},
        "acceptance": [],
        "minutes": 10.0,
        "rice": 1.0,
    }
    return row | changes


def blueprint(*tasks: dict[str, Any], minutes: float = 30, cost: str = "3.00") -> dict[str, Any]:
    made = {path: row["key"] for row in tasks for path in row["produces"]}
    edges = [
        {"producer": made[path], "consumer": row["key"], "artifact": path}
        for row in tasks
        for path in row["consumes"]
        if path in made
    ]
    return {"tasks": list(tasks), "edges": edges, "minutes": minutes, "critical_minutes": minutes, "cost": cost}


CHAIN = blueprint(task("a", 1), task("b", 2, consumes=["a.txt"]), task("c", 4, consumes=["b.txt"]), task("d", 4))


def keys(rows: Any) -> list[str]:
    return [row.key for row in rows]


def test_the_same_is_no_difference() -> None:
    found = difference(CHAIN, copy.deepcopy(CHAIN))
    assert found.empty
    assert found.sentence == "Nothing changes."
    assert keys(found.kept) == ["a", "b", "c", "d"]
    assert found.downstream == {}
    assert found.phases == ()


def test_added_removed_and_what_needs_the_added() -> None:
    after = blueprint(
        task("a", 1), task("e", 2), task("b", 2, consumes=["a.txt", "e.txt"]), task("c", 4, consumes=["b.txt"])
    )
    found = difference(CHAIN, after)
    assert keys(found.added) == ["e"]
    assert keys(found.removed) == ["d"]
    assert [(one.key, one.fields) for one in found.changed] == [("b", ("consumes", "producers"))]
    assert keys(found.kept) == ["a", "c"]
    assert found.downstream == {"c": ("b.txt",)}
    assert found.phases == (2, 4)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("description", "Other words."),
        ("capability", "backend.assembly"),
        ("parameters", {"feature": "x"}),
        ("acceptance", ["It is fast."]),
        ("produces", ["d.txt", "more.txt"]),
    ],
)
def test_other_work_is_changed(field: str, value: Any) -> None:
    after = copy.deepcopy(CHAIN)
    after["tasks"][3][field] = value
    [change] = difference(CHAIN, after).changed
    assert (change.key, change.fields, change.after[field]) == ("d", (field,), value)


@pytest.mark.parametrize(("field", "value"), [("minutes", 11.0), ("title", "Better named"), ("rice", 2.0)])
def test_other_figures_leave_the_work_as_it_is(field: str, value: Any) -> None:
    after = copy.deepcopy(CHAIN)
    after["tasks"][3][field] = value
    found = difference(CHAIN, after)
    assert found.empty
    assert [(one.key, one.fields) for one in found.figures] == [("d", (field,))]


def test_a_task_whose_input_comes_from_somebody_else_is_changed() -> None:
    after = blueprint(task("x", 1, produces=["a.txt"]), task("b", 2, consumes=["a.txt"]))
    before = blueprint(task("a", 1), task("b", 2, consumes=["a.txt"]))
    [change] = difference(before, after).changed
    assert change.fields == ("producers",)
    assert (change.before["producers"], change.after["producers"]) == ({"a.txt": "a"}, {"a.txt": "x"})


def test_a_task_that_reads_what_has_changed_is_changed() -> None:
    before = blueprint(task("a", 1, consumes=["strategic_prompt.txt"]), task("b", 2, consumes=["a.txt"]))
    found = difference(before, copy.deepcopy(before), inputs=["strategic_prompt.txt"])
    assert [(one.key, one.fields) for one in found.changed] == [("a", ("inputs",))]
    assert found.downstream == {"b": ("a.txt",)}


def test_a_task_that_moves_to_another_phase_counts_in_both() -> None:
    after = copy.deepcopy(CHAIN)
    after["tasks"][3]["phase"] = 6
    assert difference(CHAIN, after).phases == (4, 6)


def test_figures_before_and_after_in_words() -> None:
    after = blueprint(*CHAIN["tasks"][:3], minutes=25.5, cost="2.50")
    found = difference(CHAIN, after)
    assert (found.minutes.change, found.cost.change, found.work.change) == (-4.5, -0.5, -10)
    assert found.sentence == "Tasks: 1 removed, 3 kept. Duration 30 → 25.5 min. Cost 3 → 2.5 €."
    json.dumps(found.as_dict())


KEYS = st.lists(st.sampled_from("abcdefgh"), unique=True)


@st.composite
def blueprints(draw: st.DrawFn) -> dict[str, Any]:
    rows: list[dict[str, Any]] = []
    for key in draw(KEYS):
        needs = draw(st.lists(st.sampled_from([row["produces"][0] for row in rows] or [""]), unique=True))
        rows.append(task(key, draw(st.integers(1, 7)), consumes=[path for path in needs if path]))
    return blueprint(*rows)


@given(blueprints(), blueprints())
def test_every_task_is_in_exactly_one_place(before: dict[str, Any], after: dict[str, Any]) -> None:
    found = difference(before, after)
    old, new = ({row["key"] for row in one["tasks"]} for one in (before, after))
    assert set(keys(found.added)) == new - old
    assert set(keys(found.removed)) == old - new
    assert sorted(keys(found.changed) + keys(found.kept)) == sorted(old & new)
    assert set(found.downstream) <= set(keys(found.kept))
    assert difference(after, before).empty == found.empty


def test_who_only_comes_after_a_touched_task_is_not_downstream_of_it() -> None:
    after = blueprint(task("a", 1), task("b", 2, consumes=["a.txt"]), task("c", 4, consumes=["b.txt"]), task("d", 4))
    after["tasks"][1]["description"] = "Otherwise."
    after["edges"].append({"producer": "b", "consumer": "d", "artifact": ""})
    found = difference(CHAIN, after)
    assert keys(found.changed) == ["b"]
    assert found.downstream == {"c": ("b.txt",)}
