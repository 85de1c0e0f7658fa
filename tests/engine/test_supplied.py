"""What is supplied stands in for earlier tasks; what is missing is named."""

import pytest

from apps.engine.facts import extract_facts
from apps.engine.planner import Settings, plan
from apps.engine.supplied import NotSupplied
from apps.engine.thoughts import NoApproach
from apps.planning.library import load_library
from apps.planning.versions import library_text

FACTS = extract_facts("Books", "A web application for a library. A librarian adds a book. A librarian removes a book.")
LIBRARY = load_library(library_text())
WHOLE = plan(FACTS, LIBRARY)
EARLY = frozenset(path for task in WHOLE.approaches[0].tasks if task.phase < 4 for path in task.produces)
ALL = frozenset(path for one in WHOLE.approaches for task in one.tasks for path in task.produces)


@pytest.mark.parametrize("phase", range(2, 8))
def test_tasks_of_supplied_phases_are_left_out(phase: int) -> None:
    supplied = frozenset(path for one in WHOLE.approaches for task in one.tasks for path in task.produces)
    found = plan(FACTS, LIBRARY, Settings(first_phase=phase, supplied=supplied))
    for approach in found.approaches:
        assert {task.phase for task in approach.tasks} == set(range(phase, 8))
        keys = {task.key for task in approach.tasks}
        assert all({edge.producer, edge.consumer} <= keys for edge in approach.edges)
        assert 0 < approach.cost < WHOLE.approaches[0].cost * 1.2


def test_the_rest_of_the_plan_is_as_it_would_have_been() -> None:
    found = plan(FACTS, LIBRARY, Settings(first_phase=4, supplied=EARLY))
    choices = {tuple(sorted(one.choices.items())): one for one in WHOLE.approaches}
    for approach in found.approaches:
        twin = choices.get(tuple(sorted(approach.choices.items())))
        if twin is not None:
            assert {task.key for task in approach.tasks} == {task.key for task in twin.tasks if task.phase >= 4}
    assert any(tuple(sorted(one.choices.items())) in choices for one in found.approaches)


def test_each_missing_artifact_is_named_with_what_needs_it() -> None:
    with pytest.raises(NotSupplied) as missing:
        plan(FACTS, LIBRARY, Settings(first_phase=4, supplied=EARLY - {"contract/openapi.json"}))
    assert missing.value.missing == ("contract/openapi.json",)
    assert "To start in phase 4, 1 artifact of earlier phases must be supplied: contract/openapi.json (for" in str(
        missing.value
    )


def test_supplied_files_alone_leave_no_task_out() -> None:
    found = plan(FACTS, LIBRARY, Settings(supplied=EARLY))
    assert {task.key for task in found.approaches[0].tasks} == {task.key for task in WHOLE.approaches[0].tasks}


def test_a_budget_that_the_remaining_work_keeps_refuses_nothing() -> None:
    """What was supplied costs nothing any more: neither when methods are cut, nor in what an approach is worth."""
    whole = min(approach.cost for approach in WHOLE.approaches)
    found = plan(FACTS, LIBRARY, Settings(first_phase=6, supplied=ALL))
    cheapest = min(approach.cost for approach in found.approaches)
    assert cheapest < whole / 2
    again = plan(FACTS, LIBRARY, Settings(first_phase=6, supplied=ALL, budget=cheapest * 1.1))
    assert min(approach.cost for approach in again.approaches) == pytest.approx(cheapest)
    for approach in found.approaches:
        assert approach.minutes == pytest.approx(sum(task.estimate.expected for task in approach.tasks))


def test_neither_does_a_deadline_but_one_that_it_breaks_does() -> None:
    found = plan(FACTS, LIBRARY, Settings(first_phase=6, supplied=ALL))
    least = sum(task.estimate.optimistic for task in found.approaches[0].tasks)
    assert plan(
        FACTS, LIBRARY, Settings(first_phase=6, supplied=ALL, slots=1, minutes_available=least * 1.2)
    ).approaches
    with pytest.raises(NoApproach):
        plan(FACTS, LIBRARY, Settings(first_phase=6, supplied=ALL, slots=1, minutes_available=least / 4))
