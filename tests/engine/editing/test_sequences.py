"""Any sequence of edits leaves a valid plan or is refused and leaves it as it was."""

from copy import deepcopy

import networkx as nx
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.engine.edges import Edge
from apps.engine.editing.timetable import cost_of, work_of
from tests.engine.editing.world import CAPABILITIES, SETTINGS, plan, tried

KEYS = st.sampled_from(["add", "list", "page", "test", "add.1", "add.2", "page.1", "added-new", "added-new-2", "gone"])
PATHS = st.sampled_from(
    [
        "strategic_prompt.txt",
        "service/add.py",
        "tests/test_add.py",
        "service/list.py",
        "pages/list.html",
        "new.md",
        "n/x",
    ]
)
SOME = st.lists(PATHS, max_size=3)
MINUTES = st.floats(0.5, 30)


def of(kind, **fields):
    return st.fixed_dictionaries({"kind": st.just(kind), **fields})


PARTS = st.lists(
    st.fixed_dictionaries({"title": st.sampled_from(["A", "B"]), "produces": SOME}, optional={"consumes": SOME}),
    min_size=1,
    max_size=3,
)
OPERATIONS = st.one_of(
    of(
        "add",
        phase=st.integers(1, 8),
        title=st.just("New"),
        capability=st.sampled_from(sorted(CAPABILITIES)),
        produces=SOME,
        consumes=SOME,
        acceptance=st.just(["There."]),
        optimistic=st.just(1.0),
        likely=MINUTES,
        pessimistic=st.just(30.0),
        agent=st.sampled_from(["", "builder", "painter"]),
    ),
    of("remove", task=KEYS, cascade=st.booleans()),
    of("split", task=KEYS, parts=PARTS, in_order=st.booleans()),
    of("move", task=KEYS, phase=st.integers(1, 7)),
    of("move", task=KEYS, before=KEYS, waits=st.booleans()),
    of("move", task=KEYS, after=KEYS, waits=st.booleans()),
    of("order", before=KEYS, after=KEYS),
    of("unorder", before=KEYS, after=KEYS),
    of("change", task=KEYS, produces=SOME),
    of("change", task=KEYS, consumes=SOME),
    of("change", task=KEYS, likely=MINUTES, pessimistic=st.just(30.0)),
    of(
        "change", task=KEYS, rice=st.dictionaries(st.sampled_from(["reach", "confidence"]), st.floats(0, 1) | st.none())
    ),
)


def is_valid(blueprint):
    tasks = {task["key"]: task for task in blueprint["tasks"]}
    assert len(tasks) == len(blueprint["tasks"]) > 0
    made = [path for task in tasks.values() for path in task["produces"]]
    assert len(made) == len(set(made))
    assert all(set(task["consumes"]) <= set(made) | set(blueprint["given"]) for task in tasks.values())
    edges = [Edge(**edge) for edge in blueprint["edges"]]
    assert len(edges) == len(set(edges))
    handed = {(edge.consumer, edge.artifact) for edge in edges if edge.artifact}
    assert handed == {(key, path) for key, task in tasks.items() for path in set(task["consumes"]) & set(made)}
    assert all(edge.artifact in tasks[edge.producer]["produces"] for edge in edges if edge.artifact)
    graph = nx.DiGraph([(edge.producer, edge.consumer) for edge in edges])
    assert nx.is_directed_acyclic_graph(graph)
    assert set(graph) <= set(tasks)
    assert all(tasks[edge.producer]["phase"] <= tasks[edge.consumer]["phase"] for edge in edges)
    assert all(0 < t["optimistic"] <= t["likely"] <= t["pessimistic"] and t["acceptance"] for t in tasks.values())
    is_scheduled(blueprint, edges)


def is_scheduled(blueprint, edges):
    tasks = blueprint["tasks"]
    for edge in edges:
        start = next(task["planned_start"] for task in tasks if task["key"] == edge.consumer)
        assert start >= next(task["planned_finish"] for task in tasks if task["key"] == edge.producer) - 1e-6
    assert blueprint["minutes"] == max(task["planned_finish"] for task in tasks)
    assert blueprint["lower_bound_minutes"] <= blueprint["minutes"] + 1e-6
    assert [task["position"] for task in tasks] == list(range(len(tasks)))
    assert float(blueprint["cost"]) == round(cost_of(tasks, SETTINGS.price_per_minute), 2)
    assert {str(task["phase"]) for task in tasks}.isdisjoint(blueprint["notes"])
    assert sum(job.minutes for job in work_of(tasks, edges, SETTINGS).jobs) == sum(task["minutes"] for task in tasks)


@settings(max_examples=150, deadline=None)
@given(st.lists(OPERATIONS, max_size=8))
def test_any_sequence_leaves_a_valid_plan_or_is_refused(operations):
    blueprint = plan()
    for data in operations:
        before = deepcopy(blueprint)
        after, words = tried(blueprint, data)
        assert words
        assert blueprint == before
        if after is not None:
            assert after == tried(before, data)[0]
            is_valid(after)
            blueprint = after
