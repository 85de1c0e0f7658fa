"""The benchmark's readers and its table, without the public data."""

import csv
import gzip
import json
import tarfile

import pytest

from tests.benchmarks import (
    planning_agents,
    planning_asynchow,
    planning_lists,
    planning_solve,
    planning_stg,
    planning_traces,
)
from tests.benchmarks.planning_data import everyday_goals, stg_pairs, traces
from tests.benchmarks.planning_solve import BrokenSchedule, solved
from tests.benchmarks.planning_table import Options, judged, line
from tests.engine.drawn import drawn

# Two dummies around a diamond, in the form of the Standard Task Graphs.
DIAMOND = "6\n0 0 0\n1 3 1 0\n2 4 1 1\n3 5 1 1\n4 2 2 2 3\n5 0 1 4\n# end\n"
QUICK = Options(seconds=0.05, peer=False)


@pytest.fixture
def folder(tmp_path):
    graph = tmp_path / "diamond.stg"
    graph.write_text(DIAMOND)
    with tarfile.open(tmp_path / "stg.tar.xz", "w:xz") as archive:
        archive.add(graph, "6/diamond.stg")
    with (tmp_path / "stg_bounds.csv").open("w", newline="") as file:
        csv.writer(file).writerows(
            [["graph", "slots", "lower", "upper"], ["6/diamond.stg", 1, 14, 14], ["6/diamond.stg", 2, 10, 10]]
        )
    (tmp_path / "wfinstances").mkdir()
    tasks = [{"id": "a", "runtime_s": 1.5, "parents": []}, {"id": "b", "runtime_s": 2.25, "parents": ["a"]}]
    (tmp_path / "wfinstances" / "two.json.gz").write_bytes(gzip.compress(json.dumps({"tasks": tasks}).encode()))
    goal: dict[str, object] = {"goal": "Tea", "steps": ["boil", "fetch", "pour"], "minutes": [5.0, 1.0, 0.3333]}
    goal |= {"before": [[1, 3], [2, 3]], "shortest_minutes": 5.3334}
    (tmp_path / "asynchow.jsonl").write_text(json.dumps(goal) + "\n")
    return tmp_path


def test_a_standard_task_graph_is_read(folder):
    one, two = stg_pairs(folder)

    assert (two.name, two.work.slots, two.upper) == ("6/diamond.stg on 2", 2, 10)
    assert two.work.needs["4"] == ("2", "3")
    assert [job.minutes for job in one.work.jobs] == [0, 3, 4, 5, 2, 0]


def test_a_trace_is_read_on_each_number_of_slots(folder):
    assert [(name, work.slots, work.needs["b"]) for name, work in traces(folder)] == [
        (f"two on {slots}", slots, ("a",)) for slots in (4, 8, 16)
    ]


def test_an_everyday_goal_takes_its_longest_chain_within_rounding(folder):
    (goal,) = everyday_goals(folder)

    assert planning_asynchow.minutes(goal) == pytest.approx(5.3333)
    assert planning_asynchow.is_equal(goal)
    assert not planning_asynchow.is_equal({**goal, "shortest_minutes": 5.3336})


@pytest.mark.parametrize("group", [planning_stg, planning_traces, planning_asynchow], ids=lambda group: group.__name__)
def test_without_data_rows_say_so_and_with_data_they_are_judged(group, folder):
    assert {row.verdict for row in group.rows(Options())} == {"not run"}

    found = list(group.rows(Options(seconds=0.05, peer=False, data=folder)))
    assert {row.verdict for row in found} <= {"met", "shown"}
    assert [row.name for row in found if row.verdict == "met"]


def test_a_schedule_that_breaks_a_rule_is_no_result(monkeypatch):
    monkeypatch.setattr(planning_solve, "faults", lambda work, schedule: ["b starts before a ends"])

    with pytest.raises(BrokenSchedule, match="case: b starts before a ends"):
        solved("case", drawn(1, 8), QUICK)


def test_cases_are_the_same_for_a_seed_and_differ_between_seeds():
    assert planning_agents.case(1) == planning_agents.case(1) != planning_agents.case(2)
    work = planning_agents.case(3)
    assert work.unstaffed == ()
    assert len(planning_lists.graph().jobs) == 2000


def test_a_sample_is_drawn_from_all_cases_and_the_same_each_time():
    drawn_once = Options(sample=30).of(range(100))

    assert drawn_once == Options(sample=30).of(range(100)) == sorted(set(drawn_once))
    assert len(drawn_once) == 30
    assert len({number % 10 for number in drawn_once}) > 5
    assert Options(sample=20).of(range(4)) == [0, 1, 2, 3]


def test_a_row_that_misses_is_printed_as_missed():
    assert line(judged("share", "90 %", ">= 98 %", False, note="why")).split("\n") == [
        "share".ljust(55) + "90 %".ljust(21) + ">= 98 %".ljust(11) + "MISSED",
        "    why",
    ]
