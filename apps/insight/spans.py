"""What happened, as intervals of seconds: read from events and attempts, and handed to the engine's integrals."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q

from apps.core.models import Event
from apps.engine.integrals import Interval, without
from apps.gates.models import Round
from apps.inbox.models import Escalation
from apps.tasks.models import Attempt

# A task is startable from the moment it is ready until an attempt has begun; what is under way to a worker still waits.
_WAITS = ("ready", "dispatched")


@dataclass
class Spans:
    """Intervals of one goal, in seconds since the epoch."""

    running: list[Interval] = field(default_factory=list)
    startable: list[Interval] = field(default_factory=list)
    people: list[Interval] = field(default_factory=list)


def seconds(moment: datetime) -> float:
    return moment.timestamp()


def spans_of(goals: Collection[uuid.UUID], *, since: datetime, until: datetime) -> dict[uuid.UUID, Spans]:
    """What ran, could have run, and waited for people, by goal: four queries, whatever the number of goals."""
    found: dict[uuid.UUID, Spans] = defaultdict(Spans)
    for goal_id, interval in _running(Q(goal__in=goals), since, until):
        found[goal_id].running.append(interval)
    for goal_id, interval in _startable(goals, until):
        found[goal_id].startable.append(interval)
    for goal_id, interval in _people(goals, until):
        found[goal_id].people.append(interval)
    return found


def taken_by_others(goal_id: uuid.UUID, *, since: datetime, until: datetime) -> list[Interval]:
    """When attempts of other goals held a slot."""
    return [interval for _, interval in _running(~Q(goal=goal_id), since, until)]


def _running(which: Q, since: datetime, until: datetime) -> Iterable[tuple[uuid.UUID, Interval]]:
    """Attempts that ran in a slot; people as agents hold none and are in no integral."""
    rows = Attempt.objects.filter(which, slot__isnull=False, started_at__lt=until)
    rows = rows.filter(Q(finished_at=None) | Q(finished_at__gt=since))
    for goal_id, start, end in rows.values_list("goal_id", "started_at", "finished_at"):
        yield goal_id, (seconds(start or until), seconds(end or until))


def _startable(goals: Collection[uuid.UUID], until: datetime) -> Iterable[tuple[uuid.UUID, Interval]]:
    rows = Event.objects.filter(stream__in=goals, data__has_key="to", at__lte=until)
    rows = rows.filter(Q(subject__startswith="task:") | Q(subject__startswith="goal:")).order_by("stream", "seq")
    waits: dict[tuple[uuid.UUID, str], float] = {}
    closed: dict[uuid.UUID, list[Interval]] = defaultdict(list)
    paused: dict[uuid.UUID, float] = {}
    pauses: dict[uuid.UUID, list[Interval]] = defaultdict(list)
    for goal_id, subject, at, to in rows.values_list("stream_id", "subject", "at", "data__to"):
        moment = seconds(at)
        if subject.startswith("goal:"):
            if to == "paused":
                paused[goal_id] = moment
            elif goal_id in paused:
                pauses[goal_id].append((paused.pop(goal_id), moment))
        elif to in _WAITS:
            waits.setdefault((goal_id, subject), moment)
        elif (goal_id, subject) in waits:
            closed[goal_id].append((waits.pop((goal_id, subject)), moment))
    end = seconds(until)
    for goal_id, begun in paused.items():
        pauses[goal_id].append((begun, end))
    for (goal_id, _), begun in waits.items():
        closed[goal_id].append((begun, end))
    for goal_id, intervals in closed.items():
        for interval in intervals:
            for rest in without(interval, pauses[goal_id]):
                yield goal_id, rest


def _people(goals: Collection[uuid.UUID], until: datetime) -> Iterable[tuple[uuid.UUID, Interval]]:
    rounds = Round.objects.filter(gate__goal__in=goals, opened_at__isnull=False)
    rounds_rows = rounds.values_list("gate__goal_id", "opened_at", "decided_at")
    escalations = Escalation.objects.filter(goal__in=goals)
    rows: Sequence[tuple[uuid.UUID | None, datetime | None, datetime | None]] = [
        *rounds_rows,
        *escalations.values_list("goal_id", "raised_at", "resolved_at"),
    ]
    for goal_id, start, end in rows:
        if goal_id is not None and start is not None:
            yield goal_id, (seconds(start), seconds(end or until))
