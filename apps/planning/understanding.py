"""What was understood of a brief: facts with people's corrections and answers applied, and what is worth asking."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction

from apps.accounts.models import Person
from apps.core import clock, events
from apps.core.actors import person_actor
from apps.core.errors import Conflict, Invalid
from apps.engine.approaches import Exploration as Explored
from apps.engine.asking import asked, with_asked
from apps.engine.facts import BadCorrection, Facts, Question, corrected, parsed, understand
from apps.engine.methods import Library
from apps.engine.planner import Settings, plan
from apps.goals import selectors as goals
from apps.goals.models import Goal
from apps.inbox import services as inbox
from apps.inbox.models import Question as Asked
from apps.tasks.models import Exploration

CORRECTABLE = ("draft", "proposed", "failed")
MOST_CORRECTIONS = 300
# Of a longer brief the other kinds are tried with the facts as they are: reading it again takes too long.
READ_AGAIN = 20_000


@dataclass(frozen=True)
class Understanding:
    """The facts as they would be planned with now. ``changed``: people have said more since the standing plan."""

    facts: Facts
    changed: bool


def understanding(*, goal: Goal) -> Understanding:
    """The facts of a goal as a person looks at them before it runs: three queries."""
    changed = _said_since_planned(goal)
    if goal.facts and not changed:
        return Understanding(Facts.from_dict(goal.facts), changed=False)
    read = facts_of(goal, _answers(goal))
    known = Facts.from_dict(goal.facts).questions if goal.facts else ()
    return Understanding(with_known(read, known), changed=changed)


def facts_of(goal: Goal, answers: Mapping[str, str]) -> Facts:
    """The facts of the brief and its additions with every correction. Raises EmptyBrief."""
    return understand(goal.title, goals.brief_text(goal=goal), goal.corrections, answers)


def with_known(facts: Facts, known: Sequence[Question]) -> Facts:
    """The open points with the effects that were found when they were last tried."""
    tried = {question.key: question for question in known}
    return replace(facts, questions=tuple(tried.get(question.key, question) for question in facts.questions))


@transaction.atomic
def goal_understand(*, goal: Goal, library: Library, settings: Settings) -> list[Asked]:
    """Read the brief of a goal that is not planned yet, and ask what would change its plan; returns what is open.

    A brief for which there is no plan leaves nothing to ask: planning then says why.
    """
    try:
        facts = facts_of(goal, settings.answers)
        explored = plan(facts, library, settings)
    except (ValueError, LookupError):
        inbox.questions_settle(goal=goal, wanted=())
        return []
    facts = questions_settle(goal=goal, explored=explored, library=library, settings=settings)
    Goal.objects.filter(pk=goal.pk).update(facts=facts.as_dict())
    goal.facts = facts.as_dict()
    return list(Asked.objects.filter(goal=goal, task=None, answered_at=None))


def questions_settle(*, goal: Goal, explored: Explored, library: Library, settings: Settings) -> Facts:
    """Ask what changes the plan and withdraw what no longer does; returns the facts with the questions as asked."""
    brief = goals.brief_text(goal=goal)

    def read_as(kind: str) -> Facts:
        return understand(goal.title, brief, [*goal.corrections, _KIND | {"change": {"set": kind}}], {})

    wanted = asked(explored, library, settings, read_as=read_as if len(brief) <= READ_AGAIN else None)
    inbox.questions_settle(goal=goal, wanted=wanted)
    return with_asked(explored.facts, wanted)


_KIND: dict[str, Any] = {"fact": "kind"}


@transaction.atomic
def facts_correct(*, goal: Goal, person: Person, changes: Sequence[Mapping[str, Any]]) -> Goal:
    """Keep what a person says of the facts, beside the brief, which stays as it is. Raises ``Conflict``, ``Invalid``.

    Each change is ``{"fact": ..., "change": {...}}`` (see engine.facts.corrections). It counts from the next planning.
    """
    goal = Goal.objects.select_for_update(no_key=True).get(pk=goal.pk)
    if goal.status not in CORRECTABLE:
        raise Conflict(
            f"This goal is {goal.status}: facts are corrected before its plan is started. Add to the brief instead."
        )
    if not changes or len(goal.corrections) + len(changes) > MOST_CORRECTIONS:
        raise Invalid({"changes": f"A goal keeps from one to {MOST_CORRECTIONS} corrections."})
    facts = facts_of(goal, _answers(goal))
    kept = [dict(item) for item in goal.corrections]
    for item in changes:
        facts = _checked(facts, item)
        kept.append({"fact": item["fact"], "change": dict(item["change"]), "by": person.username, "at": _now()})
    goal.corrections = kept
    goal.save(update_fields=["corrections"])
    told = {"corrections": [{"fact": item["fact"], "change": item["change"]} for item in kept[-len(changes) :]]}
    events.record(events.Happening(goal.pk, "goal.corrected", f"goal:{goal.pk}", told), actor=person_actor(person))
    return goal


def _checked(facts: Facts, item: Mapping[str, Any]) -> Facts:
    """The facts after the correction. Raises ``Invalid`` where it is none, or changes nothing."""
    try:
        correction = parsed(item)
    except BadCorrection as error:
        raise Invalid({"changes": str(error)}) from error
    after = corrected(facts, [correction])
    if replace(after, questions=()) == replace(facts, questions=()):
        alone = correction.verb == "drop" and correction.fact == "feature" and len(facts.features) == 1
        words = "A goal keeps at least one feature: rename it, or cancel the goal." if alone else _NO_CHANGE
        raise Invalid({"changes": words.format(correction=correction)})
    return after


_NO_CHANGE = "This changes nothing, for the facts have it so already or have nothing of that name: {correction}"


def _now() -> str:
    return clock.now().isoformat()


def _answers(goal: Goal) -> dict[str, str]:
    rows = Asked.objects.filter(goal=goal, answered_at__isnull=False)
    return dict(rows.values_list("key", "answer"))


def _said_since_planned(goal: Goal) -> bool:
    """Whether somebody corrected or answered after the newest exploration."""
    planned = Exploration.objects.filter(goal=goal).order_by("-created_at").values_list("created_at", flat=True).first()
    if planned is None:
        return False  # a draft is understood anew with each correction
    corrected_since = any(datetime.fromisoformat(item["at"]) > planned for item in goal.corrections)
    return corrected_since or Asked.objects.filter(goal=goal, answered_at__gt=planned).exists()
