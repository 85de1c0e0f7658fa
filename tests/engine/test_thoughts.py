"""The tree: what is kept, what is cut, and the reason for each."""

from dataclasses import replace

import pytest

from apps.engine.conditions import Condition
from apps.engine.facts import extract_facts
from apps.engine.htn import Domain
from apps.engine.methods import Compound, Estimate, Library, Method, Primitive, Step
from apps.engine.thoughts import NoApproach, explore
from apps.engine.values import Limits, Weights
from apps.planning.library import load_library

LIBRARY = load_library()
BRIEF = "A web app in the browser. Users can add, search and delete notes. A note has a title and a text."
FACTS = extract_facts("Notes", BRIEF)


def search(facts=FACTS, answers=None, limits=None, **more):
    return explore(Domain(LIBRARY, facts, answers or {}), weights=Weights(), limits=limits or Limits(), **more)


def test_the_finalists_differ_in_their_tasks():
    leaves, _ = search()

    assert 3 <= len(leaves) <= 4
    assert len({leaf.signature for leaf in leaves}) == len(leaves)
    assert {dict(leaf.state.choices)["structure"] for leaf in leaves} == {"layered", "event-log", "contract-first"}


def test_even_a_beam_of_one_ends_with_something_to_compare():
    leaves, tree = search(beam=1)

    assert len(leaves) >= 3
    assert tree.beam > 1


def test_every_cut_has_a_reason_and_the_tree_is_whole():
    _, tree = search()

    assert {thought.status for thought in tree.thoughts} >= {"root", "open", "cut", "finalist"}
    assert all(thought.reason for thought in tree.thoughts if thought.status in ("cut", "refused", "same"))
    assert [thought.number for thought in tree.thoughts] == list(range(len(tree.thoughts)))
    assert tree.as_dict()["thoughts"][0]["status"] == "root"


def test_what_the_brief_forbids_is_refused_with_its_sentence():
    leaves, tree = search(extract_facts("Notes", BRIEF + " No database."))

    assert all(dict(leaf.state.choices)["storage"] != "sqlite" for leaf in leaves)
    refused = [t.reason for t in tree.thoughts if t.status == "refused" and t.method == "sqlite"]
    assert refused
    assert set(refused) == {"the brief forbids 'database' in sentence 4"}


def test_an_answer_is_followed():
    leaves, tree = search(answers={"storage": "files", "pages": "single-page"})

    assert all(dict(leaf.state.choices)["storage"] == "files" for leaf in leaves)
    assert len(leaves) >= 3
    assert any("the answer to 'storage' is files" in t.reason for t in tree.thoughts)


def test_a_deadline_or_budget_that_nothing_keeps_is_a_clear_refusal():
    with pytest.raises(NoApproach, match=r"the deadline leaves 0\.1"):
        search(limits=Limits(minutes=0.1, slots=2))
    with pytest.raises(NoApproach, match=r"the budget is 0\.50"):
        search(limits=Limits(budget=0.5), price=10)


def test_a_tight_limit_cuts_only_what_breaks_it():
    everything, _ = search(price=1.0)
    least = {leaf.thought: sum(t.estimate.optimistic for t in leaf.state.tasks) for leaf in everything}
    between = (min(least.values()) + max(least.values())) / 2

    leaves, tree = search(price=1.0, limits=Limits(budget=between))

    assert any("to spend, and the budget is" in t.reason for t in tree.thoughts)
    assert all(sum(t.estimate.optimistic for t in leaf.state.tasks) <= between for leaf in leaves)


def test_a_depth_of_one_compares_the_first_decision_and_takes_the_best_of_the_rest():
    everything, _ = search()
    leaves, tree = search(depth=1)

    assert max(t.depth for t in tree.thoughts if "beyond the depth" not in t.reason) < max(
        t.depth for t in search()[1].thoughts
    )
    assert tree.depth == 1
    assert len(leaves) == 3
    assert {dict(leaf.state.choices)["structure"] for leaf in leaves} == {"layered", "event-log", "contract-first"}
    assert all("beyond the depth of 1: " in tree.thoughts[leaf.thought].reason for leaf in leaves)
    assert leaves[0].value.total >= everything[0].value.total


def test_the_tree_says_what_it_was_weighed_with():
    _, tree = search(beam=2)
    told = tree.as_dict()

    assert (told["asked"], told["beam"], told["depth"]) == (2, tree.beam, None)
    assert sum(told["weights"].values()) == pytest.approx(1)
    assert {t["decides"] for t in told["thoughts"]} >= {"", LIBRARY.compounds["choose-storage"].title}
    assert all(t["reason"] for t in told["thoughts"] if t["status"] == "leaf")


def trap():
    """The better of two choices leads nowhere, but only two decisions later, where the beam has forgotten the worse."""
    good = [Method(f"g{n}", f"g{n}", (), chooses={"way": f"g{n}"}, misfit=0.0) for n in range(3)]
    bad = Method("bad", "Bad", (), chooses={"way": "bad"}, misfit=1.0)
    shades = [Method(f"s{n}", f"s{n}", (), chooses={"shade": f"s{n}"}, misfit=n / 10) for n in range(200)]
    last = Method("last", "Last", (Step("do"),), when=(Condition("chosen", (("way", ("bad",)),)),))
    root = Method("m", "M", (Step("ways"), Step("shades"), Step("end")))
    compounds = {
        "root": Compound("root", "Root", (root,)),
        "ways": Compound("ways", "Ways", (*good, bad)),
        "shades": Compound("shades", "Shades", tuple(shades)),
        "end": Compound("end", "End", (last,)),
    }
    do = Primitive("do", "Do", 1, "a.b", ("x",), Estimate(1, 1, 1), acceptance=("ok",))
    return Domain(Library("trap", "1", "root", compounds, {"do": do}), FACTS, {})


def test_where_the_beam_loses_every_way_one_is_found_by_going_back():
    leaves, tree = explore(trap(), weights=Weights(), limits=Limits(), beam=1)

    assert dict(leaves[0].state.choices)["way"] == "bad"
    assert any("no way to 'End' (Last: way is g0, not bad)" in thought.reason for thought in tree.thoughts)


def test_a_leaf_that_can_be_no_plan_is_left_out_with_its_fault():
    def fault(state):
        return "it needs a file that nobody makes" if dict(state.choices)["storage"] == "sqlite" else ""

    leaves, tree = search(fault=fault)

    assert leaves
    assert all(dict(leaf.state.choices)["storage"] != "sqlite" for leaf in leaves)
    assert any(t.status == "dead end" and "nobody makes" in t.reason for t in tree.thoughts)
    with pytest.raises(NoApproach, match="a circle"):
        search(fault=lambda state: "a circle")


def test_weights_decide():
    cheap, _ = explore(Domain(LIBRARY, FACTS, {}), weights=Weights(1, 1, 0, 0), limits=Limits(), price=1)
    safe, _ = explore(Domain(LIBRARY, FACTS, {}), weights=Weights(0, 0, 1, 0), limits=Limits(), price=1)

    assert cheap[0].value.minutes < safe[0].value.minutes
    assert safe[0].value.risk < cheap[0].value.risk


def test_the_order_of_the_library_does_not_matter_for_the_best():
    turned = {n: replace(c, methods=tuple(reversed(c.methods))) for n, c in LIBRARY.compounds.items()}
    other, _ = explore(Domain(replace(LIBRARY, compounds=turned), FACTS, {}), weights=Weights(), limits=Limits())

    assert other[0].signature == search()[0][0].signature


def test_the_beam_keeps_a_worse_approach_of_another_kind():
    """Without that, the four shades of the better kind would fill a beam of two."""
    kinds = [
        Method(name, name, (Step(f"k{name}"),), chooses={"kind": name}, misfit=bad)
        for name, bad in (("a", 0.0), ("b", 1.0))
    ]
    shades = [Method(f"s{n}", f"s{n}", (Step(f"p{n}"),), chooses={"shade": f"s{n}"}, misfit=n / 100) for n in range(4)]
    rest = [Method(f"r{n}", f"r{n}", (Step(f"q{n}"),), chooses={"rest": f"r{n}"}, misfit=n / 100) for n in range(2)]
    root = Method("m", "M", (Step("kinds"), Step("shades"), Step("rest")))
    compounds = {
        "root": Compound("root", "Root", (root,)),
        "kinds": Compound("kinds", "Kinds", tuple(kinds), distinguishes=True),
        "shades": Compound("shades", "Shades", tuple(shades)),
        "rest": Compound("rest", "Rest", tuple(rest)),
    }
    names = ["ka", "kb", "p0", "p1", "p2", "p3", "q0", "q1"]
    primitives = {n: Primitive(n, n, 1, "a.b", (n,), Estimate(1, 1, 1), acceptance=("ok",)) for n in names}
    domain = Domain(Library("small", "1", "root", compounds, primitives), FACTS, {})

    leaves, tree = explore(domain, weights=Weights(), limits=Limits(), beam=2)

    kept = [t.method for t in tree.thoughts if t.compound == "shades" and t.status != "cut"]
    assert (tree.beam, kept) == (2, ["s0", "s0"])
    assert dict(leaves[0].state.choices)["kind"] == "a"
