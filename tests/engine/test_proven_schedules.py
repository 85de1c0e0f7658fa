"""Graphs whose shortest lengths CP-SAT has proven (tests/benchmarks/proven.py made them): the engine finds and proves
the same, by itself."""

import json
from pathlib import Path

import pytest

from apps.engine.astar import best_schedule
from apps.engine.bounds import lower_bounds
from apps.engine.schedule import list_schedule
from apps.engine.work import Job, Work, Worker, bottom_levels
from tests.engine.checker import faults

FILE = Path(__file__).parent.parent / "data" / "proven_schedules.json"
GRAPHS = json.loads(FILE.read_text(encoding="utf-8"))
NAMES = [f"{len(g['minutes'])} tasks, {len(g['agents'])} agents, seed {g['seed']}" for g in GRAPHS]


def work_of(graph):
    jobs = tuple(
        Job(f"j{n}", float(minutes), capability=capability)
        for n, (minutes, capability) in enumerate(zip(graph["minutes"], graph["capabilities"], strict=True))
    )
    needs = {f"j{n}": tuple(f"j{need}" for need in before) for n, before in enumerate(graph["needs"])}
    workers = tuple(Worker(slug, frozenset(caps), limit) for slug, caps, limit in graph["agents"])
    return Work(jobs, needs, graph["slots"], workers)


@pytest.mark.parametrize("graph", GRAPHS, ids=NAMES)
def test_it_finds_and_proves_the_shortest(graph):
    work = work_of(graph)

    found = best_schedule(work, deadline=lambda: False, node_budget=60_000)

    assert faults(work, found) == []
    assert (found.makespan, found.bound, found.proven) == (graph["shortest"], graph["shortest"], True)


@pytest.mark.parametrize("graph", GRAPHS, ids=NAMES)
def test_the_rule_alone_is_longer_and_no_bound_is_above_the_shortest(graph):
    work = work_of(graph)

    assert list_schedule(work, bottom_levels(work))[1] == graph["by_bottom_level"] > graph["shortest"]
    assert lower_bounds(work).best <= graph["shortest"]


def test_there_are_some_of_each_shape():
    shapes = {(len(graph["minutes"]), len(graph["agents"])) for graph in GRAPHS}

    assert len(GRAPHS) == 24
    assert len(shapes) == 6
