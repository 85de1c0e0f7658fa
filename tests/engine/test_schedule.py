"""Schedules keep every rule, judged by somebody who did not make them."""

import pytest
from hypothesis import given

from apps.engine.bounds import lower_bounds
from apps.engine.cpm import critical_path
from apps.engine.schedule import best_list_schedule, list_schedule, schedule
from apps.engine.work import CyclicWork, Job, NoSlots, Placement, Schedule, Work, Worker, bottom_levels
from tests.engine.checker import faults
from tests.engine.strategies import works


@given(works(most=12, phases=3))
def test_a_schedule_keeps_precedence_slots_agents_and_gates(work):
    assert faults(work, schedule(work)) == []


@given(works(most=10))
def test_the_improvement_never_makes_it_longer(work):
    _, plain = list_schedule(work, bottom_levels(work))

    assert best_list_schedule(work).makespan <= plain


@given(works(most=10, with_workers=False))
def test_no_schedule_beats_grahams_bound(work):
    """Any list schedule is within 2 - 1/m of the best (Graham 1969), so within that of the lower bound's betters."""
    _, length = list_schedule(work, bottom_levels(work))
    bounds = lower_bounds(work)

    assert bounds.best <= length + 1e-9
    assert length <= bounds.load + bounds.chain * (1 - 1 / work.slots) + 1e-9


def test_the_checker_sees_what_is_wrong():
    work = Work((Job("a", 2), Job("b", 2)), {"b": ("a",)}, slots=1)
    overlapping = Schedule((Placement("a", 0, 2, 0), Placement("b", 1, 3, 0)), 3, 3, False, "by hand")

    assert "b starts before a ends" in faults(work, overlapping)
    assert any("where 1 may" in fault for fault in faults(work, overlapping))


def test_a_gate_keeps_a_later_phase_back():
    work = Work((Job("slow", 9), Job("later", 1, phase=2)), {}, slots=5)

    planned = schedule(work)

    assert planned.starts["later"] == 9
    assert [(span.phase, span.start, span.end) for span in planned.phases] == [(1, 0, 9), (2, 9, 10)]


def test_an_agents_limit_keeps_work_back():
    jobs = tuple(Job(name, 1, capability="x.y") for name in "abc")
    work = Work(jobs, {}, slots=3, workers=(Worker("only", frozenset({"x.y"})),))

    assert schedule(work).makespan == 3
    assert lower_bounds(work).agents == 3


def test_a_capability_that_nobody_has_is_named_and_still_placed():
    work = Work((Job("a", 1, capability="x.y"),), {}, slots=1, workers=(Worker("w", frozenset({"z.z"})),))

    assert work.unstaffed == ("x.y",)
    assert schedule(work).placements[0].worker == ""


def test_the_many_sided_agent_is_kept_for_what_only_it_can_do():
    jobs = (Job("a", 1, capability="x.x"), Job("b", 1, capability="y.y"))
    workers = (Worker("both", frozenset({"x.x", "y.y"})), Worker("one", frozenset({"x.x"})))

    assert schedule(Work(jobs, {}, 2, workers)).makespan == 1


def test_no_slots_and_cycles_have_names():
    with pytest.raises(NoSlots, match="at least one slot"):
        Work((), {}, slots=0)
    with pytest.raises(CyclicWork, match="circle"):
        schedule(Work((Job("a", 1), Job("b", 1)), {"a": ("b",), "b": ("a",)}, slots=1))


def test_an_empty_plan_takes_no_time():
    planned = schedule(Work((), {}, slots=1))

    assert (planned.makespan, planned.placements, planned.proven) == (0.0, (), True)


@given(works(most=10, phases=3, with_workers=False))
def test_slack_and_the_critical_path_agree(work):
    found = critical_path(work)
    chain = sum(work.job(key).minutes for key in found.path)

    assert chain == pytest.approx(found.duration)
    assert all(found.slack[key] == pytest.approx(0) for key in found.path)
    unlimited = Work(work.jobs, work.needs, slots=len(work.jobs))
    assert schedule(unlimited).makespan == pytest.approx(found.duration)


@given(works(most=8, with_workers=False))
def test_a_task_can_be_late_by_its_slack_and_no_more(work):
    found = critical_path(work)
    for job in work.jobs:
        later = [
            Job(each.key, each.minutes + (found.slack[job.key] if each.key == job.key else 0.0)) for each in work.jobs
        ]
        assert critical_path(Work(tuple(later), work.needs, 1)).duration == pytest.approx(found.duration)
        latest = [Job(e.key, e.minutes + (found.slack[job.key] + 1 if e.key == job.key else 0)) for e in work.jobs]
        assert critical_path(Work(tuple(latest), work.needs, 1)).duration == pytest.approx(found.duration + 1)
