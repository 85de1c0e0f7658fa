"""A proposed way is judged by symbols: what is wrong with it comes back in words, and what holds can be planned."""

import pytest

from apps.engine.facts import extract_facts
from apps.engine.htn import Domain, decompose
from apps.engine.planner import plan
from apps.planning.library import load_library
from apps.planning.thinking.answers import WaysAnswer
from apps.planning.thinking.dialogue import Unfit
from apps.planning.thinking.judging import Judge, prefer
from apps.planning.thinking.ways import UNTRIED, extended
from tests.planning.thinking.parts import BRIEF, task, way

LIBRARY = load_library()
FACTS = extract_facts("Library", BRIEF)
CAPABILITIES = frozenset(LIBRARY.capabilities())


def judge(**more):
    return Judge(LIBRARY, FACTS, {}, CAPABILITIES, "openai:scripted", **more)


def check(*ways, **more):
    return judge(**more).check(WaysAnswer.model_validate({"ways": list(ways)}))


def refused(*ways, **more):
    with pytest.raises(Unfit) as caught:
        check(*ways, **more)
    return " ".join(caught.value.problems)


def test_a_way_that_holds_stands_beside_the_library_s_own():
    found = check(way())
    library = extended(LIBRARY, found)
    state = decompose(Domain(library, FACTS, {}), prefer("build-code", "words-first", {"structure": "layered"}))
    assert "write-glossary" in {one.key for one in state.tasks}
    assert LIBRARY.compounds["build-code"].methods == library.compounds["build-code"].methods[:-1]
    assert plan(FACTS, library).approaches


def test_its_points_are_never_better_than_those_beside_it():
    method = check(way())[0].method
    beside = LIBRARY.compounds["build-code"].methods
    assert method.risk >= max(one.risk for one in beside)
    assert method.misfit >= max(one.misfit for one in beside if one.chooses) if any(b.chooses for b in beside) else True
    assert UNTRIED in method.risks
    assert any("Proposed by openai:scripted" in text for text in method.assumptions)


def with_task(**more):
    return way(tasks=[task(**more)])


WRONG = {
    "an unknown capability": (with_task(capability="bank.transfer"), "which no agent has"),
    "an input from nowhere": (with_task(consumes=["secrets/keys.txt"]), "which no task produces"),
    "an input of a later phase": (with_task(consumes=["docs/runbook.md"]), "phase"),
    "somebody else's output": (with_task(produces=["service/store.py"]), "both produce"),
    "a path that leaves": (with_task(produces=["../other-goal/x.py"]), "no path inside the workspace"),
    "an absolute path": (with_task(produces=["/etc/passwd"]), "no path inside the workspace"),
    "a hidden file": (with_task(produces=[".git/config"]), "no path inside the workspace"),
    "a review's file": (with_task(produces=["reviews/phase4/code.json"]), "which gates, reviews or people write"),
    "the brief": (with_task(produces=["strategic_prompt.txt"]), "which gates, reviews or people write"),
    "a title as a path": (with_task(produces=["docs/{goal.title}.md"]), "no part of a path"),
    "a placeholder of nobody": (with_task(produces=["docs/{secret}.md"]), "secret"),
    "no time at all": (with_task(minutes=[0.0, 0.0, 0.0]), "minutes"),
    "hardly any time": (with_task(minutes=[0.001, 0.001, 0.001]), "takes 0.001 minutes"),
    "too much time": (with_task(minutes=[5000.0, 6000.0, 7000.0]), "minutes by its estimate"),
    "minutes that fall": (with_task(minutes=[3.0, 2.0, 1.0]), "minutes"),
    "an earlier phase": (with_task(phase=1), "has its work in"),
    "an empty criterion": (with_task(acceptance=["all good"]), "says too little"),
    "a name that is taken": (with_task(name="foundation"), "known already"),
    "a new task that is no step": (way(steps=[{"task": "foundation"}]), "is no step of the way"),
    "an unknown step": (way(steps=[{"task": "approve-everything"}], tasks=[]), "neither a known task"),
    "a step into itself": (way(steps=[{"task": "build-code"}], tasks=[]), "would never end"),
    "a task that is not there": (way(of="skip-gates"), "none of the tasks"),
    "a way of that name": (way(name="layers"), "already"),
    "a choice that is not there": (way(only_with={"structure": ["magic"]}), "can't be magic"),
    "work left out": (
        way(steps=[{"task": "write-glossary"}, {"task": "foundation"}, {"task": "assemble"}]),
        "no plan",
    ),
    "tests left out": (
        way(of="service-architecture", only_with={}, tasks=[], steps=[{"task": "decide-architecture"}]),
        "",
    ),
}


@pytest.mark.parametrize("what", WRONG)
def test_it_is_refused_with_words(what):
    proposal, words = WRONG[what]
    assert words in refused(proposal)


def test_all_that_is_wrong_is_said_at_once():
    words = refused(with_task(capability="bank.transfer", minutes=[0.001, 0.001, 0.001], phase=7))
    assert "bank.transfer" in words
    assert "0.001" in words
    assert "phase 7" in words


def test_what_may_not_be_named_is_not_named():
    named = with_task(title="Copy the secret merger of ACME")
    assert "names another goal" in refused(named, unspeakable={"Secret merger": "names another goal"})
    assert check(way(), unspeakable={"Secret merger": "names another goal"})


def test_two_ways_of_one_name_are_one_too_many():
    assert "same name" in refused(way(), way())


def test_each_of_the_library_s_tasks_that_is_offered_says_what_it_must_make():
    from apps.planning.thinking.shown import of_library

    shown = of_library(LIBRARY, FACTS, judge())
    assert "service/app.py" in shown["tasks"]["build-code"]["must_produce"]
