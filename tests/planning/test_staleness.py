"""A proposed plan says that it is behind what people have said since; it can be started all the same."""

import pytest

from apps.accounts.models import Person
from apps.gates.guards import verify_now
from apps.goals.models import Goal
from apps.goals.services import Constraints
from apps.hub import actions
from apps.planning import services as planning
from apps.planning.staleness import stale_words
from tests import factories

pytestmark = [pytest.mark.django_db]

BRIEF = b"A web application for a library. A librarian adds a book. A librarian removes a book."


@pytest.fixture
def person() -> Person:
    return factories.person("lena", groups=["owners"])


@pytest.fixture
def goal(person: Person) -> Goal:
    made = actions.goal_submit(person=person, title="Books", brief=BRIEF, constraints=Constraints())
    planning.goal_plan(goal_id=made.pk)
    return Goal.objects.get(pk=made.pk)


def answer(goal: Goal, person: Person, *, otherwise: bool) -> None:
    question = goal.questions.exclude(default="").first()
    assert question is not None
    approach = goal.approaches.get(chosen=True)
    taken = approach.choices[question.key]
    actions.question_answer(question=question, person=person, answer="files" if otherwise else taken)


def test_one_that_was_just_made_is_not(goal: Goal) -> None:
    assert stale_words(goal) == ""


def test_an_answer_that_changes_nothing_is_no_news_and_another_is(goal: Goal, person: Person) -> None:
    answer(goal, person, otherwise=False)
    assert stale_words(goal) == ""
    answer(goal, person, otherwise=True)
    assert stale_words(goal) == "1 answer came after this plan was made, so that it does not know it."


def test_planned_anew_it_knows(goal: Goal, person: Person) -> None:
    answer(goal, person, otherwise=True)
    actions.goal_replan(goal=goal, person=person)
    planning.goal_plan(goal_id=goal.pk)
    assert stale_words(Goal.objects.get(pk=goal.pk)) == ""


def test_a_correction_and_an_answer_are_counted_and_starting_stays_possible(goal: Goal, person: Person) -> None:
    feature = goal.facts["features"][0]["slug"]
    change = {"fact": f"feature:{feature}", "change": {"drop": True}}
    actions.facts_correct(goal=goal, person=person, changes=[change])
    answer(goal, person, otherwise=True)
    goal.refresh_from_db()
    assert stale_words(goal).startswith("1 correction and 1 answer came after")
    actions.goal_start(goal=goal, person=person)
    verify_now()
    goal.refresh_from_db()
    assert (goal.status, stale_words(goal)) == ("running", "")
