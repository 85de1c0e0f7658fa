"""Hostile and broken texts get words with a line, never an exception; soundness sees what the schema can't."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.agents.crew.registry import FUNCTIONS
from apps.engine.facts import KINDS
from apps.planning.library import InvalidLibrary, load_library
from apps.planning.library.soundness import check_text
from apps.planning.versions import library_text

SMALL = """\
name: small
version: "1"
root: goal
given: [brief]
tasks:
  goal:
    title: Goal
    methods:
      - name: way
        steps: [work]
primitives:
  work:
    title: Work
    phase: 4
    capability: backend.feature
    produces: [out.txt]
    minutes: [1, 2, 3]
    acceptance: [It is there.]
"""
LAUGHS = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 9)
)
CHAIN = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}]\n" for n in range(1, 3000))
HOSTILE = {
    "aliases that grow": (LAUGHS, "aliases grow to more than"),
    "an alias of itself": ("a: &a [*a]", "refers to what it stands in"),
    "a chain of aliases": (CHAIN, "aliases"),
    "depth": ("a: " + "[" * 5000 + "]" * 5000, "nested deeper than 30"),
    "depth in lines": ("".join(" " * n + "a:\n" for n in range(200)) + " " * 200 + "b", "nested deeper than 30"),
    "many parts": ("---\na: 1\n" * 60, "more than 50 parts"),
    "a constructor": ("name: !!python/object/apply:os.system [id]", "it is no YAML"),
    "a key that is a list": ("? [a, b]\n: c", "a key must be a word"),
    "a huge number": ("version: " + "9" * 6000, "it is no YAML"),
    "no number": ("root: .nan", "field 'root': a text is wanted"),
    "mixed keys": ("phase_without_tasks: {5: x, a: y}\nroot: {1: a, b: c}", "a mapping"),
    "a control sign": ("name: \x07", "it is no YAML"),
    "a tab": ("name:\n\t- x", "it is no YAML"),
    "nothing": ("", "a mapping is wanted, not nothing"),
    "half a surrogate": ("name: '\ud800'", "it is no YAML"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_text_gets_words_in_time(name):
    text, words = HOSTILE[name]
    begun = time.monotonic()

    library, problems = check_text(text, FUNCTIONS)

    assert library is None
    assert any(words in str(problem) for problem in problems), [str(problem) for problem in problems][:5]
    assert time.monotonic() - begun < 5


@given(st.text(max_size=300) | st.binary(max_size=200).map(lambda data: data.decode("latin-1")))
def test_whatever_is_typed_there_is_an_answer(text):
    library, problems = check_text(text, FUNCTIONS)

    assert library is None
    assert problems


@given(st.integers(0, len(SMALL) - 1), st.sampled_from("[]{}:&*!|>-#'\"%@\n\t 7"))
def test_one_wrong_sign_anywhere_is_survived(at, sign):
    library, problems = check_text(SMALL[:at] + sign + SMALL[at + 1 :], FUNCTIONS)

    assert library is not None or problems


@pytest.mark.parametrize(
    ("old", "new", "line", "place"),
    [
        ("steps: [work]", "steps: [gone]", 10, "method 'way' of 'goal'"),
        ("steps: [work]", "stepz: [work]", 10, "method 'way' of 'goal'"),
        ("phase: 4", "phase: 9", 14, "primitive 'work'"),
        ("minutes: [1, 2, 3]", "minutes: [3, 2, 1]", 17, "primitive 'work'"),
        ("title: Work", "title: '{cat.name}'", 12, "primitive 'work'"),
        ("root: goal", "root: elsewhere", 3, ""),
        ("  goal:\n    title: Goal", "  goal:\n    colour: red\n    title: Goal", 7, "task 'goal'"),
        ("    title: Goal\n", "    title: Goal: x\n", 7, ""),
    ],
)
def test_a_problem_names_line_and_place(old, new, line, place):
    assert old in SMALL
    library, problems = check_text(SMALL.replace(old, new, 1), FUNCTIONS)

    assert library is None
    assert (line, place) in [(one.line, one.place) for one in problems], [str(one) for one in problems]


def test_parts_are_merged_and_a_name_stands_once():
    head, rest = SMALL.split("primitives:", 1)
    parts = f"{head}---\nprimitives:{rest}"

    assert load_library(parts).digest == load_library(SMALL).digest
    with pytest.raises(InvalidLibrary, match="the name is defined in library already"):
        load_library(f"{SMALL}---\nprimitives:{rest}")


def test_the_small_one_is_sound_but_for_the_kinds():
    library, problems = check_text(SMALL, FUNCTIONS)

    assert library is not None
    assert problems == []


@pytest.mark.parametrize(
    ("old", "new", "words", "is_warning"),
    [
        ("capability: backend.feature", "capability: cooking.soup", "no agent has the capability 'cooking.soup'", True),
        ("produces: [out.txt]", "consumes: [in.txt]\n    produces: [out.txt]", "no task produces in.txt", False),
        ("produces: [out.txt]", "optional: [in.txt]\n    produces: [out.txt]", "no task produces in.txt", True),
        ("steps: [work]", "steps: [work]\n  lonely:\n    title: L\n    methods: [{name: a, steps: "
                          "[work]}]", "no method leads to it", True),
        ("steps: [work]", "steps: [work, goal]", "it leads to itself", True),
        ("- name: way\n", "- name: way\n        when: [{kind: [event]}]\n", "no method takes a goal of", True),
        ("- name: way\n", "- name: way\n        when: [{chosen: {hue: [red]}}]\n", "no method chooses hue: red", True),
        ("given: [brief]", "given: [brief]\nphase_without_tasks: {boat: {5: x}}", "there is no kind 'boat'", True),
    ],
)  # fmt: skip
def test_what_the_schema_does_not_see(old, new, words, is_warning):
    assert old in SMALL
    library, problems = check_text(SMALL.replace(old, new, 1), FUNCTIONS)

    found = [one for one in problems if words in one.text]
    assert found
    assert found[0].warning is is_warning
    assert (library is not None) is is_warning


def test_a_plural_reads_what_a_singular_writes():
    text = SMALL.replace("produces: [out.txt]", "produces: ['out/{feature.module}.py']").replace(
        "steps: [work]", "steps: [{task: work, for_each: feature}, sum]"
    )
    text += (
        "  sum:\n    title: Sum\n    phase: 4\n    capability: backend.feature\n"
        "    consumes: ['out/{features.module}.py', out/fixed.py]\n"
        "    produces: [all.py]\n    minutes: [1, 2, 3]\n    acceptance: [x]\n"
    )
    library, problems = check_text(text, FUNCTIONS)

    assert library is not None
    assert problems == []


def test_the_library_that_ships_has_nothing_to_be_said_about_it():
    library, problems = check_text(library_text(), FUNCTIONS)

    assert library is not None
    assert library.digest == load_library().digest
    assert [str(one) for one in problems] == []
    assert {kind for kind in KINDS if any(kind in str(m.when) for m in library.compounds["reach-goal"].methods)} == set(
        KINDS
    )
