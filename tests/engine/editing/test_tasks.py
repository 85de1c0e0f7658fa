"""Adding, taking out and splitting tasks."""

import pytest

from apps.engine.editing import BadInput, EditRefused
from apps.engine.editing.errors import Circle, Locked, Orphan, SharedOutput, StillNeeded, UnknownTask
from tests.engine.editing.world import RULES, edges_of, edit, of, plan

NEW = {
    "kind": "add",
    "phase": 4,
    "title": "Search in books",
    "capability": "backend.feature",
    "consumes": ["service/add.py"],
    "produces": ["service/search.py"],
    "acceptance": ["One finds a book by its title."],
    "optimistic": 1,
    "likely": 2,
    "pessimistic": 9,
}


def test_add_a_task():
    found = edit(plan(), **NEW)
    added = of(found.blueprint, "added-search-in-books")
    assert found.words == "Added “Search in books” to phase 4."
    assert (added["minutes"], added["estimate_source"]) == (3, "edited")
    assert added["reasons"]["estimate"] == "Edited by anna, who added the task."
    assert added["planned_start"] == 4
    assert ("add", "added-search-in-books", "service/add.py") in edges_of(found.blueprint)


def test_a_second_task_of_that_title_has_a_key_of_its_own():
    first = edit(plan(), **NEW).blueprint
    second = edit(first, **{**NEW, "produces": ["service/again.py"]}).blueprint
    assert of(second, "added-search-in-books-2")["title"] == "Search in books"


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("title", "  ", "Give the task a title"),
        ("title", "x" * 201, "200 characters"),
        ("title", "a\x00b", "control character"),
        ("phase", 8, "from 1 to 7"),
        ("capability", "backend.magic", "No method and no agent knows"),
        ("produces", [], "at least one file"),
        ("produces", ["../secret"], "no path inside"),
        ("produces", ["/etc/passwd"], "no path inside"),
        ("produces", [".git/config"], "no path inside"),
        ("produces", ["a\\b"], "no path may have"),
        ("produces", ["x" * 301], "longer than 300"),
        ("acceptance", [" "], "how one sees"),
        ("optimistic", 0, "minutes above 0"),
        ("pessimistic", float("nan"), "minutes above 0"),
        ("optimistic", 3, "can't be below the optimistic"),
        ("pessimistic", 1.5, "can't be below the likely"),
        ("agent", "nobody", "no active agent"),
        ("agent", "painter", "can't do backend.feature"),
    ],
)
def test_it_refuses_a_bad_field_by_its_name(field, value, words):
    with pytest.raises(BadInput) as refused:
        edit(plan(), **{**NEW, field: value})
    (name,) = refused.value.fields
    assert name in (field, "likely")
    assert words in refused.value.fields[name]


def test_it_refuses_an_input_that_nobody_makes():
    with pytest.raises(Orphan, match=r"“Search in books” needs service/index.py: no task would make that") as refused:
        edit(plan(), **{**NEW, "consumes": ["service/index.py"]})
    assert refused.value.field == "consumes"


@pytest.mark.parametrize("path", ["service/list.py", "Service/LIST.py", "service", "service/add.py/x"])
def test_it_refuses_a_second_producer(path):
    with pytest.raises(SharedOutput, match="each artifact has one task"):
        edit(plan(), **{**NEW, "produces": [path]})


def test_what_the_goal_brings_is_made_by_nobody():
    with pytest.raises(SharedOutput, match="the goal"):
        edit(plan(), **{**NEW, "produces": ["strategic_prompt.txt"]})


def test_take_out_a_task_that_nobody_needs():
    found = edit(plan(), kind="remove", task="test")
    assert found.words == "Took out “Do test”."
    assert [one["key"] for one in found.blueprint["tasks"]] == ["add", "list", "page"]
    assert found.blueprint["minutes"] == 12


def test_it_refuses_to_take_out_what_others_need_and_names_them():
    with pytest.raises(StillNeeded, match=r"“Do list”, “Do test” need what “Do add” makes. Take it out together with"):
        edit(plan(), kind="remove", task="add")


def test_take_out_a_task_with_what_depends_on_it():
    found = edit(plan(), kind="remove", task="list", cascade=True)
    assert found.words == "Took out “Do list” and 2 that depended on it."
    assert [one["key"] for one in found.blueprint["tasks"]] == ["add"]


def test_a_plan_keeps_at_least_one_task():
    with pytest.raises(EditRefused, match="at least one task"):
        edit(plan(), kind="remove", task="add", cascade=True)


def test_it_refuses_to_touch_what_was_begun():
    rules = RULES.__class__(RULES.settings, "anna", RULES.capabilities, {"test": "is completed"})
    with pytest.raises(Locked, match="“Do test” is completed: what was begun is not changed"):
        edit(plan(), rules, kind="remove", task="test")
    with pytest.raises(Locked, match="“Do test” needs what “Do list” makes and is completed"):
        edit(plan(), rules, kind="remove", task="list", cascade=True)
    with pytest.raises(Locked):
        edit(plan(), rules, kind="split", task="test", parts=[{"title": "a", "produces": ["x"]}] * 2)


def test_it_refuses_a_task_that_is_not_there():
    with pytest.raises(UnknownTask, match="no task 'gone'"):
        edit(plan(), kind="remove", task="gone")


HALVES = [
    {"title": "Add it", "produces": ["service/add.py"]},
    {"title": "Test it", "produces": ["tests/test_add.py"], "consumes": ["service/add.py"]},
]


def test_split_a_task_with_its_artifacts_divided_and_its_edges_kept():
    found = edit(plan(), kind="split", task="add", parts=HALVES)
    assert found.words == "Split “Do add” into 2."
    first, second = of(found.blueprint, "add.1"), of(found.blueprint, "add.2")
    assert (first["produces"], second["produces"]) == (["service/add.py"], ["tests/test_add.py"])
    assert (first["consumes"], first["minutes"], second["minutes"]) == (["strategic_prompt.txt"], 2, 2)
    assert first["parameters"] == {"feature": "add", "planned": ["service/add.py", "tests/test_add.py"]}
    assert first["reasons"]["estimate"] == "Edited by anna, who split “Do add”."
    edges = edges_of(found.blueprint)
    assert {("add.1", "list", "service/add.py"), ("add.1", "test", "service/add.py")} <= edges
    assert {("add.1", "add.2", "service/add.py"), ("add.1", "add.2", "")} <= edges


def test_parts_wait_for_each_other_only_where_that_is_wanted():
    parts = [dict(HALVES[0]), {"title": "Test it", "produces": ["tests/test_add.py"]}]
    apart = edit(plan(), kind="split", task="add", parts=parts, in_order=False).blueprint
    in_order = edit(plan(), kind="split", task="add", parts=parts).blueprint
    assert (of(apart, "add.2")["planned_start"], of(in_order, "add.2")["planned_start"]) == (0, 2)


def test_orders_of_the_whole_are_orders_of_each_part():
    more = edit(plan(), **NEW).blueprint
    ordered = edit(more, kind="order", before="list", after="added-search-in-books").blueprint
    parts = [{"title": "Index", "produces": ["service/index.py"]}, {"title": "Find", "produces": ["service/search.py"]}]
    found = edit(ordered, kind="split", task="added-search-in-books", parts=parts, in_order=False).blueprint
    assert {a for a, b, artifact in edges_of(found) if b == "added-search-in-books.2" and not artifact} == {"list"}
    assert {b for a, b, artifact in edges_of(found) if a == "list" and not artifact} == {
        "added-search-in-books.1",
        "added-search-in-books.2",
    }


def test_it_refuses_a_split_that_loses_something():
    with pytest.raises(BadInput, match=r"No part makes tests/test_add.py, which “Do add” promised"):
        edit(plan(), kind="split", task="add", parts=[HALVES[0], {"title": "B", "produces": ["x.py"]}])


def test_it_names_the_part_and_the_field():
    with pytest.raises(BadInput) as refused:
        edit(plan(), kind="split", task="add", parts=[HALVES[0], {"title": "", "produces": ["tests/test_add.py"]}])
    assert list(refused.value.fields) == ["parts.2.title"]
    with pytest.raises(BadInput, match="2 to 12 parts"):
        edit(plan(), kind="split", task="add", parts=HALVES[:1])


def test_it_refuses_parts_that_wait_for_each_other():
    parts = [
        {"title": "A", "produces": ["service/add.py"], "consumes": ["tests/test_add.py"]},
        {"title": "B", "produces": ["tests/test_add.py"]},
    ]
    with pytest.raises(Circle, match=r"“A” needs tests/test_add.py of “B”"):
        edit(plan(), kind="split", task="add", parts=parts)
