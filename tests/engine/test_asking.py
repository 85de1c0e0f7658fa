"""Questions are asked only where the answer changes the plan, with what it would change in numbers."""

from dataclasses import replace

import pytest

from apps.engine.asking import MOST_QUESTIONS, Effect, asked, with_asked
from apps.engine.facts import Facts, Question, extract_facts
from apps.engine.planner import Settings, plan
from apps.planning.library import load_library

LIBRARY = load_library()
WEB = "A web app. Members can add a tool, list tools and delete tools. Managers can archive a tool."


def questions_of(brief: str, **answers: str) -> dict[str, Question]:
    return {question.key: question for question in asked_of(extract_facts("T", brief), **answers)}


def asked_of(facts: Facts, **answers: str) -> tuple[Question, ...]:
    settings = Settings(answers=answers)
    return asked(plan(facts, LIBRARY, settings), LIBRARY, settings)


def test_what_changes_no_task_is_not_asked():
    facts = extract_facts("T", WEB)

    assert {"fields-tool", "roles"} <= {question.key for question in facts.questions}
    assert set(questions_of(WEB)) == {"storage", "pages"}


def test_the_number_of_tasks_is_the_number_that_the_answer_brings():
    explored = plan(extract_facts("T", WEB), LIBRARY)
    best = explored.approaches[0]
    question = next(q for q in asked(explored, LIBRARY, Settings()) if q.key == "pages")
    other = plan(explored.facts, LIBRARY, Settings(answers={**best.choices, "pages": question.options[1]}))

    before, after = ({task.key for task in tasks} for tasks in (best.tasks, other.approaches[0].tasks))
    assert question.changes.startswith(f"{question.options[1]}: +{len(after - before)} -{len(before - after)} tasks")


def test_the_default_is_what_the_proposed_plan_has():
    for question in questions_of(WEB).values():
        best = plan(extract_facts("T", WEB), LIBRARY).approaches[0]
        assert question.default == question.options[0] == best.choices[question.key]


def test_what_was_answered_is_not_asked_again():
    assert set(questions_of(WEB, storage="files")) == {"pages"}


def test_what_the_brief_forbids_is_no_option():
    found = questions_of(f"{WEB} No database of any kind.")

    assert found["storage"].options == ("files", "memory")
    assert "storage" not in questions_of(f"{WEB} No database of any kind. It must be reliable.")


def test_a_database_server_may_be_forbidden_and_a_database_file_stay():
    assert "sqlite" in questions_of(f"{WEB} It must not depend on a database server.")["storage"].options


def test_a_choice_of_the_library_is_asked_where_the_brief_does_not_make_it():
    brief = "Migrate our members from the old system to the new one.\n- import the members\n- import the fees"

    move = questions_of(brief)["move"]
    assert len(move.options) >= 2
    assert all(option in move.text for option in move.options)
    assert "structure" not in questions_of(WEB)


def test_a_kind_that_the_brief_leaves_open_is_asked_first_and_read_anew_for_each():
    facts = extract_facts("Things", "We need something for our loans. Members can add a loan and list loans.")
    read = []

    def read_as(kind: str) -> Facts:
        read.append(kind)
        return replace(facts, kind=kind)

    found = asked(plan(facts, LIBRARY), LIBRARY, Settings(), read_as=read_as)

    assert found[0].key == "kind"
    assert found[0].default == facts.kind
    assert read == list(found[0].options[1:])
    assert all(f"{kind}: " in found[0].changes for kind in read)


def test_at_most_five_are_asked():
    facts = extract_facts("T", WEB)
    many = tuple(Question(f"pages{n}", "?", "", "", 1, ("a", "b")) for n in range(9))

    assert len(asked_of(replace(facts, questions=(*facts.questions, *many)))) <= MOST_QUESTIONS


def test_questions_about_what_no_method_chooses_are_never_asked():
    facts = extract_facts("T", WEB)
    odd = Question("colour", "Which colour?", "red", "all of it", 1, ("red", "blue"))

    assert "colour" not in [q.key for q in asked_of(replace(facts, questions=(odd,)))]


def test_the_facts_keep_every_open_point_with_those_asked_as_they_are_asked():
    facts = extract_facts("T", WEB)
    questions = asked_of(facts)
    kept = with_asked(facts, questions)

    assert [q.key for q in kept.questions] == [q.key for q in facts.questions]
    assert set(questions) <= set(kept.questions)


@pytest.mark.parametrize(
    ("effect", "words"),
    [
        (Effect("a", ("x",), (), (), 0.0), "a: +1 task"),
        (Effect("a", ("x", "y"), ("z",), ("w",), 0.4), "a: +2 -1 tasks, 24 s more work"),
        (Effect("a", (), ("z",), (), -120), "a: -1 task, 2.0 h less work"),
        (Effect("a", (), (), ("v", "w"), 0.01), "a: 2 tasks done otherwise"),
    ],
)
def test_effects_are_told_with_numbers(effect, words):
    assert str(effect) == words
