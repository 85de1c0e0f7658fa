"""The one list of what needs a person: badge, tabs and order come out of the same look (gates.md, "The inbox").

Order: escalated, overdue, cost of delay, age; each item says in words why it stands where it does.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from django.db.models import Max, Prefetch

from apps.accounts import policy
from apps.accounts.models import Person
from apps.core import clock
from apps.gates.models import Round, Vote
from apps.gates.rules import decided_words
from apps.gates.selectors.needs import gates_open, voters, waiting_for
from apps.inbox.models import Escalation, Question
from apps.tasks.models import Task

Tab = Literal["needs_you", "waiting", "decided", "all"]
TABS: tuple[Tab, ...] = ("needs_you", "waiting", "decided", "all")
MOST_DECIDED = 100


@dataclass(frozen=True)
class Item:
    """One thing that needs a person. ``kind`` is gate, question or escalation; ``path`` is its page.

    ``minutes_blocked`` are minutes of the critical path that wait for it; ``why_here`` says the reason for the order.
    ``waits_for`` are names; ``mine`` says that the person who looks is one of them.
    """

    kind: str
    id: str
    title: str
    text: str
    goal_id: str
    goal_title: str
    since: datetime
    due: datetime | None
    minutes_blocked: float
    escalated: bool
    overdue: bool
    why_here: str
    waits_for: Sequence[str]
    mine: bool
    path: str
    status: str = "open"


@dataclass(frozen=True)
class Inbox:
    """Everything open, in order, with the tabs' numbers."""

    items: Sequence[Item]

    @property
    def needs_you(self) -> list[Item]:
        return [item for item in self.items if item.mine]

    @property
    def waiting(self) -> list[Item]:
        return [item for item in self.items if not item.mine]

    @property
    def counts(self) -> dict[str, int]:
        return {"needs_you": len(self.needs_you), "waiting": len(self.waiting), "all": len(self.items)}


def inbox(person: Person) -> Inbox:
    """All that is open, as this person sees it: a fixed number of queries, whatever there is."""
    now = clock.now()
    rounds, people = list(gates_open()), voters()
    escalations = list(Escalation.objects.filter(status="open").select_related("goal", "task"))
    questions = list(Question.objects.filter(answer="", goal__status__in=_LIVE).select_related("goal"))
    blocked = _minutes_blocked([one.gate.goal_id for one in rounds] + [one.goal_id for one in questions])
    overdue_keys = {one.key for one in escalations}
    items = [
        *(_gate(one, person, people, blocked, overdue_keys, now) for one in rounds),
        *(_question(one, person, people, blocked, now) for one in questions),
        *(_escalation(one, person, people, now) for one in escalations if not _of_open_gate(one, rounds)),
    ]
    return Inbox(sorted(items, key=_place))


def badge_count(person: Person) -> int:
    """How many things need this person: the length of the first tab, from the same look."""
    return len(inbox(person).needs_you)


def tab(person: Person, name: Tab) -> list[Item]:
    """One tab of the inbox."""
    if name == "decided":
        return decided(person)
    found = inbox(person)
    return {"needs_you": found.needs_you, "waiting": found.waiting}.get(name, list(found.items))


_LIVE = ("draft", "proposed", "running", "paused", "planning")


def _place(item: Item) -> tuple[Any, ...]:
    return (not item.escalated, not item.overdue, -item.minutes_blocked, item.since, item.id)


def _minutes_blocked(goals: Iterable[Any]) -> Mapping[tuple[Any, int], float]:
    """By goal and phase: the longest chain of unfinished work that begins in that phase. One query."""
    rows = (
        Task.objects.filter(goal__in=set(goals), plan__status="active", kind="work")
        .exclude(status__in=["completed", "skipped", "cancelled"])
        .values("goal_id", "phase")
        .annotate(longest=Max("bottom_level"))
    )
    return {(row["goal_id"], row["phase"]): row["longest"] for row in rows}


def _behind(blocked: Mapping[tuple[Any, int], float], goal_id: Any, phase: int) -> float:
    return max((length for (goal, at), length in blocked.items() if goal == goal_id and at > phase), default=0.0)


def _gate(
    one: Round,
    person: Person,
    people: Sequence[Person],
    blocked: Mapping[tuple[Any, int], float],
    keys: set[str],
    now: datetime,
) -> Item:
    gate, since = one.gate, one.opened_at or one.began_at
    waiting = waiting_for(one, people)
    overdue = one.due_at is not None and one.due_at < now
    escalated = f"overdue:{one.pk}" in keys
    minutes = _behind(blocked, gate.goal_id, gate.phase)
    return Item(
        kind="gate",
        id=str(gate.pk),
        title=f"{gate.code} {one.definition.title}",
        text=one.definition.question if gate.status == "open" else waiting.sentence,
        goal_id=str(gate.goal_id),
        goal_title=gate.goal.title,
        since=since,
        due=one.due_at,
        minutes_blocked=minutes,
        escalated=escalated,
        overdue=overdue,
        why_here=_why(escalated, overdue, minutes, now - since),
        waits_for=[str(who) for who in people if str(who.pk) in waiting.needed],
        mine=gate.status == "open" and str(person.pk) in waiting.needed,
        path=f"/gates/{gate.pk}",
        status=gate.status,
    )


def _who(people: Iterable[Person], action: str) -> list[str]:
    return [str(who) for who in people if policy.allows(who, action)]


def _question(
    one: Question, person: Person, people: Sequence[Person], blocked: Mapping[tuple[Any, int], float], now: datetime
) -> Item:
    minutes = _behind(blocked, one.goal_id, 0)
    may_change = f" Another answer may change {_span(minutes)} of work." if minutes else ""
    return Item(
        kind="question",
        id=str(one.pk),
        title=one.text,
        text=f"Unanswered, this holds: {one.default}",
        goal_id=str(one.goal_id),
        goal_title=one.goal.title,
        since=one.asked_at,
        due=None,
        # The default lets work go on, so an open question by itself blocks nothing but the planning of a draft.
        minutes_blocked=0.0,
        escalated=False,
        overdue=False,
        why_here=_why(False, False, 0.0, now - one.asked_at) + may_change,
        waits_for=_who(people, "question.answer"),
        mine=bool(policy.allows(person, "question.answer", one)),
        path=f"/goals/{one.goal_id}/intake" if one.goal.status == "draft" else f"/questions/{one.pk}",
    )


def _escalation(one: Escalation, person: Person, people: Sequence[Person], now: datetime) -> Item:
    minutes = one.task.bottom_level if one.task else 0.0
    return Item(
        kind="escalation",
        id=str(one.pk),
        title=one.text,
        text=one.what_to_do,
        goal_id=str(one.goal_id or ""),
        goal_title=one.goal.title if one.goal else "",
        since=one.raised_at,
        due=None,
        minutes_blocked=minutes,
        escalated=True,
        overdue=False,
        why_here=_why(True, False, minutes, now - one.raised_at),
        waits_for=_who(people, "escalation.resolve"),
        mine=bool(policy.allows(person, "escalation.resolve", one)),
        path=f"/escalations/{one.pk}",
    )


def _of_open_gate(one: Escalation, rounds: Iterable[Round]) -> bool:
    """An overdue gate is shown once, as the gate."""
    return one.kind == "overdue" and any(one.key == f"overdue:{round.pk}" for round in rounds)


def _why(escalated: bool, overdue: bool, minutes: float, age: timedelta) -> str:
    parts = [
        "escalated" if escalated else "",
        "past its deadline" if overdue else "",
        f"{_span(minutes)} of the critical path wait for it" if minutes else "",
        _age(age),
    ]
    sentence = ", ".join(part for part in parts if part)
    return sentence[0].upper() + sentence[1:] + ("" if sentence.endswith(".") else ".")


def _age(age: timedelta) -> str:
    return f"waiting for {_span(max(0.0, age.total_seconds() / 60))}"


def _span(minutes: float) -> str:
    if minutes >= 48 * 60:
        return f"{minutes / 1440:.0f} days"
    if minutes >= 120:
        return f"{minutes / 60:.0f} hours"
    return f"{minutes:.0f} min"


def decided(person: Person) -> list[Item]:
    """What has been decided, newest first: gates this person voted on, and what they answered or resolved."""
    items = [*_decided_gates(person), *_answered(person), *_resolved(person)]
    return sorted(items, key=lambda item: (item.since, item.id), reverse=True)[:MOST_DECIDED]


def _decided_gates(person: Person) -> list[Item]:
    voted = Vote.objects.filter(person=person).values("round")
    votes = Prefetch("votes", Vote.objects.select_related("person").order_by("id"))
    rounds = Round.objects.filter(pk__in=voted).exclude(outcome__in=["", "superseded"]).order_by("-decided_at")
    rows = rounds.select_related("gate__goal", "definition").prefetch_related(votes)[:MOST_DECIDED]
    return [
        _done(
            "gate",
            one.gate_id,
            title=f"{one.gate.code} {one.definition.title}",
            text=decided_words(one, list(one.votes.all())),
            goal=one.gate.goal,
            at=one.decided_at,
            status=one.outcome,
        )
        for one in rows
    ]


def _answered(person: Person) -> list[Item]:
    rows = Question.objects.filter(answered_by=person).select_related("goal").order_by("-answered_at")[:MOST_DECIDED]
    return [
        _done("question", one.pk, title=one.text, text=one.answer, goal=one.goal, at=one.answered_at, status="answered")
        for one in rows
    ]


def _resolved(person: Person) -> list[Item]:
    rows = Escalation.objects.filter(resolved_by=person).select_related("goal").order_by("-resolved_at")[:MOST_DECIDED]
    return [
        _done(
            "escalation",
            one.pk,
            title=one.text,
            text=one.resolution,
            goal=one.goal,
            at=one.resolved_at,
            status=one.status,
        )
        for one in rows
    ]


def _done(kind: str, key: Any, *, title: str, text: str, goal: Any, at: datetime | None, status: str) -> Item:
    return Item(
        kind=kind,
        id=str(key),
        title=title,
        text=text,
        goal_id=str(goal.pk) if goal else "",
        goal_title=goal.title if goal else "",
        since=at or clock.now(),
        due=None,
        minutes_blocked=0.0,
        escalated=False,
        overdue=False,
        why_here="",
        waits_for=[],
        mine=False,
        path=f"/{kind}s/{key}",
        status=status,
    )
