"""A library that is wrong says which file, which method and which field, all at once."""

import copy
from typing import Any

import pytest
import yaml

from apps.planning.library import InvalidLibrary, load_library

GOOD = {
    "name": "small",
    "version": "1",
    "root": "goal",
    "given": ["brief"],
    "tasks": {"goal": {"title": "Goal", "methods": [{"name": "way", "steps": ["work"]}]}},
    "primitives": {
        "work": {
            "title": "Work",
            "phase": 4,
            "capability": "backend.work",
            "produces": ["out.txt"],
            "minutes": [1, 2, 3],
            "acceptance": ["It is there."],
        }
    },
}


def problems_of(data):
    with pytest.raises(InvalidLibrary) as error:
        load_library(data if isinstance(data, str) else yaml.safe_dump(data))
    return [str(problem) for problem in error.value.problems]


def changed(*path, to):
    data = copy.deepcopy(GOOD)
    target: Any = data
    for step in path[:-1]:
        target = target[step]
    target[path[-1]] = to
    return data


METHOD = ("tasks", "goal", "methods", 0)
WORK = ("primitives", "work")


def test_the_small_one_is_good():
    assert load_library(yaml.safe_dump(GOOD)).root == "goal"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (changed("root", to="nowhere"), "field 'root': the task 'nowhere' is not defined"),
        (changed("name", to=7), "field 'name': a text is wanted, not 7"),
        (changed("colour", to="red"), "field 'colour': there is no such field here"),
        (
            changed(*METHOD, "steps", to=["gone"]),
            "method 'way' of 'goal', field 'steps': the task 'gone' is not defined",
        ),
        (changed(*METHOD, "stepz", to=[]), "method 'way' of 'goal', field 'stepz': there is no such field"),
        (changed(*METHOD, "risk", to=2), "field 'risk': a number from 0 to 0.99 is wanted, not 2"),
        (changed(*METHOD, "when", to=[{"colour": ["red"]}]), "there is no condition 'colour'"),
        (changed(*METHOD, "when", to=[{"kind": ["boat"]}]), "there is no kind 'boat'"),
        (changed(*METHOD, "when", to=[{"features": {"at_leest": 2}}]), "'features' wants at_least or at_most"),
        (changed(*METHOD, "when", to=[{"not": {"kind": []}}]), "'kind' wants a list of texts"),
        (changed(*METHOD, "when", to="kind"), "field 'when': a list is wanted, not the text 'kind'"),
        (changed(*METHOD, "steps", to=[{"task": "work", "for_each": "cat"}]), "one of feature, entity is wanted"),
        (
            changed(*METHOD, "fits", to=[{"when": {"not": {"chosen": {"a": ["b"]}}}, "by": 0.1, "because": "x"}]),
            "'chosen' changes while a plan is made",
        ),
        (changed("tasks", "goal", "methods", to=[]), "task 'goal', field 'methods': at least one is wanted"),
        (changed("tasks", "goal", to=[]), "task 'goal': a mapping is wanted, not a list"),
        (changed(*WORK, "minutes", to=[3, 2, 1]), "primitive 'work', field 'minutes': [optimistic, likely"),
        (changed(*WORK, "minutes", to="ten"), "field 'minutes'"),
        (changed(*WORK, "phase", to=8), "field 'phase'"),
        (changed(*WORK, "phase", to=1.5), "a whole number from 1 to 7"),
        (changed(*WORK, "produces", to=["../out.txt"]), "'../out.txt' is no path inside the workspace"),
        (changed(*WORK, "produces", to=["/etc/passwd"]), "is no path inside the workspace"),
        (changed(*WORK, "produces", to=[]), "field 'produces': at least one is wanted"),
        (changed(*WORK, "acceptance", to=[]), "field 'acceptance': at least one is wanted"),
        (changed(*WORK, "title", to="{cat.name}"), "primitive 'work', field 'title': nothing fills '{cat.name}'"),
        (changed(*WORK, "capability", to="Backend"), "must read like 'backend.feature'"),
        (changed("phase_without_tasks", to={"report": {9: "x"}}), "phase_without_tasks of 'report', field '9'"),
        ("- a list", "library: a mapping is wanted, not a list"),
        ("a: [", "library: it is no YAML"),
        ("name: a\nname: b", "'name' stands twice"),
        ("name: !!python/object/apply:os.getcwd []", "it is no YAML"),
        ("x: '" + "a" * 1_000_001 + "'", "longer than 1000000"),
    ],
)
def test_each_mistake_is_named_with_its_place(data, words):
    found = problems_of(data)

    assert any(words in problem for problem in found), found


def test_all_mistakes_come_at_once():
    data = changed(*WORK, "minutes", to=None)
    data["tasks"]["goal"]["methods"][0]["steps"] = ["gone"]
    data["version"] = None

    assert len(problems_of(data)) == 3


def test_two_files_cannot_define_the_same_name(tmp_path):
    (tmp_path / "a.yaml").write_text(yaml.safe_dump(GOOD))
    (tmp_path / "b.yaml").write_text(yaml.safe_dump({"primitives": GOOD["primitives"]}))

    with pytest.raises(InvalidLibrary, match=r"b\.yaml, field 'work': the name is defined in a\.yaml already"):
        load_library(tmp_path)


def test_an_empty_folder_is_no_library(tmp_path):
    with pytest.raises(InvalidLibrary, match=r"no \.yaml files"):
        load_library(tmp_path)
