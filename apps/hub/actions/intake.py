"""Actions before a plan is there: correct what was understood of the brief, and begin planning."""

from collections.abc import Mapping, Sequence
from typing import Any

from apps.accounts import policy
from apps.accounts.models import Person
from apps.core import audit, transitions
from apps.core.actors import person_actor
from apps.core.contention import atomic_again
from apps.core.errors import Conflict
from apps.goals.models import Goal
from apps.inbox import services as inbox
from apps.inbox.models import Question
from apps.planning import services as planning
from apps.planning import understanding


@atomic_again
def facts_correct(*, goal: Goal, person: Person, changes: Sequence[Mapping[str, Any]]) -> Goal:
    """Keep corrections of the facts; a draft is understood anew at once, a proposed plan stands until planned anew."""
    policy.require(person, "facts.edit", goal)
    goal = understanding.facts_correct(goal=goal, person=person, changes=changes)
    audit.append(
        actor=person_actor(person),
        what="facts.corrected",
        subject=f"goal:{goal.pk}",
        data={"corrections": goal.corrections[-len(changes) :]},
    )
    if goal.status == "draft":
        planning.goal_understand(goal=goal)
    return goal


@atomic_again
def goal_plan(*, goal: Goal, person: Person, answers: Mapping[str, str] | None = None) -> Goal:
    """Begin planning a draft, with these answers (by the question's key); what is not answered keeps its default."""
    policy.require(person, "goal.submit", goal)
    goal = Goal.objects.select_for_update(no_key=True).get(pk=goal.pk)
    if goal.status != "draft":
        raise Conflict(f"This goal is {goal.status}: planning has begun already.")
    if answers:
        policy.require(person, "question.answer", goal)
        for question in Question.objects.filter(goal=goal, key__in=list(answers)):
            inbox.question_answer(question=question, person=person, answer=answers[question.key])
    return transitions.move(goal, "planning", actor=person_actor(person))
