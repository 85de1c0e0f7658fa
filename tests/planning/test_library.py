"""The method library that comes with the project: complete, sound, and alternatives for every kind."""

from pathlib import Path

import pytest

from apps.engine.facts import KINDS, extract_facts
from apps.engine.methods import PHASES
from apps.engine.planner import Settings, plan
from apps.engine.work import Worker
from apps.planning.library import DEFAULT_PATH, load_library

LIBRARY = load_library()

BRIEFS = {
    "web_application": "A web app in the browser. Users can add and search notes. A note has a title and a text.",
    "api_service": "A REST API with endpoints for bikes. Clients can list bikes and reserve bikes.",
    "command_line_tool": "A command-line tool that counts words and prints a table.",
    "library": "Write a Python library that parses dates and formats durations.",
    "static_site": "A static website for a bakery: opening hours, breads, directions and a contact page.",
    "data_pipeline": "A data pipeline that reads CSV files, removes duplicates and writes totals.",
    "report": "Write a research report on heat pumps. Cover:\n- Costs\n- Noise\n- Subsidies",
    "mobile_client": "A mobile app for foresters. Foresters can add observations and list observations.",
    "migration": "Migrate our members register from an old system to a new database. A member has a number and a name.",
    "event": "Organise a summer festival for the library with a reading, a workshop for children and a concert.",
    "process_change": "Change our process for approving invoices. In future accounting checks each invoice.",
}
NOTHING_IN = {
    "command_line_tool": {5},
    "api_service": {5},
    "library": {5},
    "data_pipeline": {5},
    "report": {5},
    "web_application": set(),
    "static_site": {4},
    "mobile_client": set(),
    "migration": {5},
    "event": {5},
    "process_change": {5},
}


def planned(kind, **settings):
    return plan(extract_facts("A thing", BRIEFS[kind]), LIBRARY, Settings(**settings))


def test_every_kind_has_a_brief_here():
    assert set(BRIEFS) == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_has_at_least_three_approaches_that_differ_in_their_tasks(kind):
    exploration = planned(kind)
    tasks = {frozenset(task.key for task in approach.tasks) for approach in exploration.approaches}
    capabilities = {frozenset(task.capability for task in approach.tasks) for approach in exploration.approaches}

    assert exploration.facts.kind == kind
    assert len(tasks) == len(exploration.approaches) >= 3
    assert len(capabilities) >= 2
    assert len({approach.name for approach in exploration.approaches}) == len(exploration.approaches)


@pytest.mark.parametrize("kind", KINDS)
def test_a_phase_without_tasks_says_why(kind):
    best = planned(kind).approaches[0]
    empty = set(PHASES) - {task.phase for task in best.tasks}

    assert empty == NOTHING_IN[kind]
    for phase in empty:
        assert LIBRARY.phase_without_tasks[kind][phase] == LIBRARY.why_empty(kind, phase)


@pytest.mark.parametrize("kind", KINDS)
def test_every_task_can_be_judged_and_written(kind):
    for approach in planned(kind).approaches:
        for task in approach.tasks:
            assert task.title
            assert task.acceptance
            assert task.produces
            texts = (task.title, task.description, *task.acceptance, *task.produces, *task.consumes)
            assert not any("{" in text for text in texts)
            assert all(not path.startswith("/") and ".." not in path for path in task.produces)


def test_reviews_are_the_gates_and_not_in_the_plan():
    assert not any(capability.startswith("review.") for capability in LIBRARY.capabilities())


def test_the_file_order_and_comments_do_not_change_the_digest(tmp_path):
    for file in DEFAULT_PATH.glob("*.yaml"):
        (tmp_path / f"z-{file.name}").write_text("# a comment\n" + file.read_text(encoding="utf-8"), encoding="utf-8")

    assert load_library(tmp_path).digest == LIBRARY.digest
    changed = tmp_path / "z-library.yaml"
    changed.write_text(changed.read_text(encoding="utf-8").replace('version: "1"', 'version: "2"'), encoding="utf-8")
    assert load_library(tmp_path).digest != LIBRARY.digest


def test_limits_of_agents_make_the_plan_longer_and_a_missing_one_is_said():
    few = tuple(Worker(f"w{n}", frozenset({c})) for n, c in enumerate(LIBRARY.capabilities()) if c != "frontend.style")

    free, limited = planned("web_application"), planned("web_application", workers=few)

    assert limited.approaches[0].duration > free.approaches[0].duration
    assert any("frontend.style" in text for text in limited.approaches[0].assumptions)


def test_the_default_path_is_the_folder_of_this_library():
    assert isinstance(DEFAULT_PATH, Path)
    assert (DEFAULT_PATH / "library.yaml").is_file()
