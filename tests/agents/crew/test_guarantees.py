"""What a task of phase 4 imports is what the edges of its plan guarantee: each runs with nothing else in its tree."""

import json
import random
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import networkx as nx
import pytest

from apps.agents.crew.packet import Packet
from apps.agents.crew.registry import function_for
from apps.agents.crew.work import Work
from apps.engine.approaches import Approach
from apps.engine.edges import graph_of
from apps.engine.facts import extract_facts
from apps.engine.planner import Settings, plan
from apps.planning.library import load_library
from tests.agents.crew.chain import packet

BRIEFS = Path(__file__).parents[2] / "engine" / "briefs"
LIBRARY = load_library()
TWO_THINGS = """A web app for a club. Members can:
- add a boat with a name and a length
- add a trip with a boat, a date and a note
- lend a boat or a trip to a member
- mark a trip of a boat as done
- list the boats of a trip
- count trips and boats
- print a card for a boat"""
CASES = {
    "tool-shed": ("layered", "sqlite"),
    "branch-library": ("event-log", "files"),
    "shift-swap": ("contract-first", "memory"),
    "rental-api": ("layered", "files"),
    "log-grep": ("layered", "sqlite"),
    "one-line-todo": ("event-log", "sqlite"),
    "units-library": ("layered", "memory"),
    "sales-pipeline": ("contract-first", "files"),
    "inventory-long": ("layered", "sqlite"),
    "feature-flags-api": ("contract-first", "files"),
    "verein-de": ("layered", "memory"),
    "changelog-tool": ("event-log", "files"),
    "two things": ("layered", "files"),
}


def approach_of(name: str) -> tuple[dict[str, Any], Approach]:
    brief = TWO_THINGS if name == "two things" else (BRIEFS / f"{name}.txt").read_text(encoding="utf-8")
    structure, storage = CASES[name]
    found = plan(extract_facts(name, brief), LIBRARY, Settings(answers={"structure": structure, "storage": storage}))
    best = found.approaches[0]
    assert (best.choices["structure"], best.choices["storage"]) == (structure, storage)
    return found.facts.as_dict(), best


class Tree:
    """Files of a workspace by path; a task runs on a copy of some of them."""

    def __init__(self, facts: dict[str, Any], approach: Approach, folder: Path) -> None:
        self.facts, self.approach, self.folder = facts, approach, folder
        self.files: dict[str, bytes] = {"strategic_prompt.txt": b"A brief."}
        self.runs = 0

    def run(self, task: Any, files: dict[str, bytes]) -> None:
        root = self.folder / str(self.runs)
        self.runs += 1
        for path, content in files.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(content)
        document = packet(
            self.facts,
            task.capability,
            phase=task.phase,
            parameters=task.parameters,
            produces=list(task.produces),
            consumes=list(task.consumes),
            choices=self.approach.choices,
        )
        read = Packet.read(json.dumps(document).encode())
        function_for(task.capability)(Work(read, root, lambda percent, note: None))
        for path in task.produces:
            self.files[path] = (root / path).read_bytes()
        shutil.rmtree(root)


@pytest.mark.parametrize("name", CASES)
def test_each_task_needs_only_what_its_edges_guarantee(name: str, tmp_path: Path) -> None:
    facts, approach = approach_of(name)
    graph = graph_of([task.key for task in approach.tasks], approach.edges)
    tasks = {task.key: task for task in approach.tasks}
    tree = Tree(facts, approach, tmp_path)
    for key in nx.lexicographical_topological_sort(graph, key=lambda key: (tasks[key].phase, key)):
        task = tasks[key]
        if task.phase > 4:
            continue
        sure = {path for other in nx.ancestors(graph, key) for path in tasks[other].produces}
        sure |= {path for other in tasks.values() if other.phase < task.phase for path in other.produces}
        tree.run(task, {path: tree.files[path] for path in sure | {"strategic_prompt.txt"}})

    assert any(path.startswith("service/features/") for path in tree.files)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", ["tool-shed", "two things"])
def test_any_order_of_the_plan_works(name: str, seed: int, tmp_path: Path) -> None:
    facts, approach = approach_of(name)
    graph = graph_of([task.key for task in approach.tasks], approach.edges)
    tree = Tree(facts, approach, tmp_path)
    chooser = random.Random(seed)
    rank = {task.key: (task.phase, chooser.random()) for task in approach.tasks}
    tasks = {task.key: task for task in approach.tasks}
    for key in nx.lexicographical_topological_sort(graph, key=rank.__getitem__):
        if tasks[key].phase <= 4:
            tree.run(tasks[key], tree.files)

    assert "tests/test_app.py" in tree.files


def test_a_task_uses_no_part_that_merely_happens_to_be_there(tmp_path: Path) -> None:
    facts, approach = approach_of("tool-shed")
    tree = Tree(facts, approach, tmp_path)
    for task in approach.tasks:
        if task.phase < 4 or task.capability in ("backend.foundation", "backend.entity"):
            tree.run(task, tree.files)
    task = next(task for task in approach.tasks if task.capability == "backend.feature")
    without = tuple(path for path in task.consumes if not path.startswith("service/entities/"))
    path = next(path for path in task.produces if path.startswith("service/features/"))

    tree.run(task, tree.files)
    assert b"service.entities" in tree.files[path]

    tree.run(replace(task, consumes=without), tree.files)
    assert b"service.entities" not in tree.files[path]
