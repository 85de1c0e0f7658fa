"""Decomposition: preconditions, alternatives, backtracking, and errors that say where."""

import pytest

from apps.engine.conditions import Condition
from apps.engine.edges import BackwardEdge, CyclicPlan, OrphanInput, TwoProducers, connect
from apps.engine.facts import extract_facts
from apps.engine.htn import (
    Domain,
    NoDecomposition,
    SearchTooLong,
    TooDeep,
    TooManyTasks,
    UnknownStep,
    decompose,
)
from apps.engine.methods import Compound, Estimate, Library, Method, Primitive, Step, UnknownName

FACTS = extract_facts("Notes", "A web app. Users can add, search and delete notes. A note has a title and a text.")


def primitive(name, produces, consumes=(), phase=1, **more):
    return Primitive(
        name, name, phase, "a.b", tuple(produces), Estimate(1, 1, 1), tuple(consumes), acceptance=("ok",), **more
    )


def library(compounds, primitives):
    return Library("test", "1", "root", {c.name: c for c in compounds}, {p.name: p for p in primitives}, ("brief",))


def domain(compounds, primitives, answers=None):
    return Domain(library(compounds, primitives), FACTS, answers or {})


def test_for_each_makes_a_task_for_each_feature():
    root = Compound("root", "Root", (Method("m", "M", (Step("build", "feature"),)),))
    build = primitive("build", ["{feature.module}.py"], ["brief"])

    state = decompose(domain([root], [build]))

    assert [task.key for task in state.tasks] == ["build-add-notes", "build-search-notes", "build-delete-notes"]
    assert state.tasks[0].produces == ("add_notes.py",)
    assert state.tasks[0].parameters == {"feature": "add-notes"}


def test_it_backtracks_over_a_choice_that_leads_nowhere():
    choose = Compound("choose", "Choose", (
        Method("first", "First", (), chooses={"way": "bad"}),
        Method("second", "Second", (), chooses={"way": "good"}),
    ))  # fmt: skip
    good = Condition("chosen", (("way", ("good",)),))
    work = Compound("work", "Work", (Method("only", "Only", (Step("do"),), when=(good,)),))
    root = Compound("root", "Root", (Method("m", "M", (Step("choose"), Step("work"))),))

    state = decompose(domain([root, choose, work], [primitive("do", ["x"])]))

    assert dict(state.choices) == {"way": "good"}


def test_a_failure_says_which_precondition_failed_where():
    root = Compound("root", "Root", (Method("m", "M", (), when=(Condition("kind", ("report",)),)),))

    with pytest.raises(NoDecomposition, match="root by 'm': the goal is a web_application, not report") as error:
        decompose(domain([root], []))
    assert error.value.refusals[0].method == "m"


def test_an_answer_pins_a_method_and_a_must_not_forbids_one():
    ways = (
        Method("a", "A", (), chooses={"way": "a"}, uses=("blockchain",)),
        Method("b", "B", (), chooses={"way": "b"}),
    )
    root = Compound("root", "Root", ways)

    assert dict(decompose(domain([root], [], {"way": "b"})).choices) == {"way": "b"}
    facts = extract_facts("X", "An app that lists cats. It must not use a blockchain.")
    assert dict(decompose(Domain(library([root], []), facts, {})).choices) == {"way": "b"}
    with pytest.raises(NoDecomposition, match=r"forbids 'blockchain' in sentence 2.*the answer to 'way' is a"):
        decompose(Domain(library([root], []), facts, {"way": "a"}))


def test_a_task_inside_itself_is_too_deep():
    root = Compound("root", "Root", (Method("again", "Again", (Step("root"),)),))

    with pytest.raises(TooDeep, match="root → root"):
        decompose(domain([root], []))


def test_it_takes_another_method_where_one_never_ends():
    again, end = Method("again", "Again", (Step("root"),)), Method("end", "End", (Step("do"),))
    root = Compound("root", "Root", (again, end))

    state = decompose(Domain(library([root], [primitive("do", ["x"])]), FACTS, {}, depth_limit=5))

    assert [name for _, name in state.taken] == ["again"] * 4 + ["end"]


def test_too_many_tasks_and_too_long_a_search_have_names(monkeypatch):
    steps = tuple(Step("do") for _ in range(9))
    root = Compound("root", "Root", (Method("m", "M", steps),))
    monkeypatch.setattr("apps.engine.htn.MOST_TASKS", 8)
    with pytest.raises(TooManyTasks, match="more than 8 tasks; split it"):
        decompose(domain([root], [primitive("do", ["x"])]))

    never = Condition("kind", ("report",))
    ways = tuple(Method(f"w{n}", "W", (Step("last"),)) for n in range(9))
    last = Compound("last", "Last", (Method("no", "No", (), when=(never,)),))
    monkeypatch.setattr("apps.engine.htn.MOST_STEPS", 5)
    with pytest.raises(SearchTooLong, match=r"5 methods were tried\. The last refusal: in root, last by 'no'"):
        decompose(domain([Compound("root", "Root", ways), last], []))


def test_a_failure_names_the_precondition_and_the_tasks_above():
    work = Compound("work", "Work", (Method("m", "M", (), when=(Condition("features", (9, None)),)),))
    root = Compound("root", "Root", (Method("all", "All", (Step("work"),)),))

    with pytest.raises(NoDecomposition, match="in root, work by 'm': the brief has 3 features, fewer than 9") as error:
        decompose(domain([root, work], []))
    assert error.value.refusals[0].precondition == "features: 9, None"
    assert error.value.refusals[0].trail == ("root",)


def test_a_precondition_that_an_artifact_is_not_there_is_refused():
    absent = Condition("any", (Condition("kind", ("report",)), Condition("not", Condition("artifact", ("x",)))))
    root = Compound("root", "Root", (Method("m", "M", (Step("do"),), when=(absent,)),))

    with pytest.raises(NoDecomposition, match="asks that x is not there, which no order of the tasks can promise"):
        decompose(domain([root], [primitive("do", ["y"])]))


def test_tasks_need_what_the_preconditions_above_them_rest_on():
    after = Compound("after", "After", (Method("m", "M", (Step("b"),), when=(Condition("artifact", ("x",)),)),))
    root = Compound("root", "Root", (Method("all", "All", (Step("a"), Step("after"))),))

    state = decompose(domain([root, after], [primitive("a", ["x"]), primitive("b", ["y"])]))
    _, edges = connect(state.tasks, ["brief"])

    assert [(edge.producer, edge.consumer, edge.artifact) for edge in edges] == [("a", "b", "x")]


def test_an_ordering_constraint_becomes_edges_from_what_ends_to_what_begins():
    first = Compound("first", "First", (Method("m", "M", (Step("a"), Step("b"))),))
    then = Compound("then", "Then", (Method("m", "M", (Step("c"), Step("d"))),))
    root = Compound("root", "Root", (Method("all", "All", (Step("first"), Step("then", after=("first",)))),))
    primitives = [
        primitive("a", ["x"]), primitive("b", ["y"], ["x"]), primitive("c", ["z"]), primitive("d", ["w"], ["z"])
    ]  # fmt: skip

    state = decompose(domain([root, first, then], primitives))
    _, edges = connect(state.tasks, ["brief"], state.orders)

    assert {(edge.producer, edge.consumer) for edge in edges} == {("a", "b"), ("b", "c"), ("c", "d")}


def test_a_constraint_on_a_step_that_is_not_before_it_is_named():
    root = Compound("root", "Root", (Method("all", "All", (Step("a", after=("b",)), Step("b"))),))

    with pytest.raises(UnknownStep, match="'a' comes after 'b', which no step before it is"):
        decompose(domain([root], [primitive("a", ["x"]), primitive("b", ["y"])]))


def test_an_unknown_task_is_named_with_its_place():
    root = Compound("root", "Root", (Method("m", "M", (Step("nowhere"),)),))

    with pytest.raises(UnknownName, match="root names the task 'nowhere'"):
        decompose(domain([root], []))


def tasks_of(*primitives):
    root = Compound("root", "Root", (Method("m", "M", tuple(Step(p.name) for p in primitives)),))
    return decompose(domain([root], primitives)).tasks


def test_edges_carry_the_artifact_that_makes_them():
    tasks, edges = connect(tasks_of(primitive("a", ["x"], ["brief"]), primitive("b", ["y"], ["x", "brief"])), ["brief"])

    assert [(edge.producer, edge.consumer, edge.artifact) for edge in edges] == [("a", "b", "x")]
    assert tasks[1].consumes == ("x", "brief")


def test_an_optional_input_counts_only_if_somebody_makes_it():
    b = primitive("b", ["y"], optional=("x", "z"))

    tasks, edges = connect(tasks_of(primitive("a", ["x"]), b), ["brief"])

    assert tasks[1].consumes == ("x",)
    assert len(edges) == 1


@pytest.mark.parametrize(
    ("primitives", "error", "words"),
    [
        ([primitive("a", ["x"], ["nowhere.txt"])], OrphanInput, "'a' needs nowhere.txt, which no task produces"),
        ([primitive("a", ["x"]), primitive("b", ["x"])], TwoProducers, "'a' and 'b' both produce x"),
        ([primitive("a", ["x"], ["y"]), primitive("b", ["y"], ["x"])], CyclicPlan, "circle: .*'a' needs y of 'b'"),
        ([primitive("a", ["x"], phase=2), primitive("b", ["y"], ["x"])], BackwardEdge, "a phase cannot wait"),
    ],
)
def test_what_cannot_be_a_plan_has_a_name(primitives, error, words):
    with pytest.raises(error, match=words):
        connect(tasks_of(*primitives), ["brief"])
