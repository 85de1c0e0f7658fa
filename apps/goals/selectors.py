"""Reading goals, briefs and requirements.

Progress is weighted by effort over the active plan. Tasks lie above this app, so they are reached through the names
that the ORM gives their relations, in the same query as the goals.
"""

import uuid

from django.db.models import Case, Count, F, FloatField, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce

from apps.core.errors import NotThere
from apps.core.models import Event, Stream
from apps.goals.models import Brief, Goal, Requirement

LIVE = ("draft", "planning", "proposed", "running", "paused", "delivering")
_WORK = Q(tasks__plan__status="active", tasks__kind="work") & ~Q(tasks__status="cancelled")
_DONE = _WORK & Q(tasks__status__in=["completed", "skipped"])


def goals_with_progress() -> QuerySet[Goal]:
    """Goals with ``progress`` (0 to 1), ``tasks_total`` and ``tasks_done`` over the active plan: one query."""
    total = Coalesce(Sum("tasks__effort", filter=_WORK), 0.0)
    done = Coalesce(Sum("tasks__effort", filter=_DONE), 0.0)
    return (
        Goal.objects.select_related("owner", "group")
        .annotate(
            tasks_total=Count("tasks", filter=_WORK),
            tasks_done=Count("tasks", filter=_DONE),
            effort_total=total,
            effort_done=done,
        )
        .annotate(
            progress=Case(
                When(status__in=["delivered", "accepted"], then=Value(1.0)),
                When(effort_total__gt=0, then=F("effort_done") / F("effort_total")),
                default=Value(0.0),
                output_field=FloatField(),
            )
        )
    )


def goal_list(*, status: str = "") -> QuerySet[Goal]:
    """Goals, newest first; ``status`` is one of the lifecycle's, or 'live' for all that are not at an end."""
    goals = goals_with_progress().order_by("-created_at", "-id")
    if status == "live":
        return goals.filter(status__in=LIVE)
    return goals.filter(status=status) if status else goals


def goal_get(*, goal_id: uuid.UUID) -> Goal:
    """One goal with its progress; raises ``NotThere``."""
    goal = goals_with_progress().filter(pk=goal_id).first()
    if goal is None:
        raise NotThere("There is no goal with this id.")
    return goal


def brief_bytes(*, goal: Goal) -> bytes:
    """The brief, byte for byte: ``strategic_prompt.txt``."""
    return bytes(goal.briefs.get(number=1).content)


def briefs(*, goal: Goal) -> QuerySet[Brief]:
    """The brief and its additions, in order."""
    return goal.briefs.select_related("added_by").order_by("number")


def brief_text(*, goal: Goal) -> str:
    """The brief and its additions as one text: what the facts are read from."""
    return "\n\n".join(brief.text for brief in goal.briefs.order_by("number"))


def requirements(*, goal: Goal) -> QuerySet[Requirement]:
    return goal.requirements.select_related("ticked_by").order_by("number")


def manual_open(*, goal: Goal) -> QuerySet[Requirement]:
    """Manual requirements that nobody has ticked yet."""
    return goal.requirements.filter(kind="manual", ticked_at=None)


def events_after(*, stream: uuid.UUID, after: int = 0, limit: int = 100) -> list[Event]:
    """The stream's events above number ``after``, oldest first, at most ``limit``."""
    return list(Event.objects.filter(stream_id=stream, seq__gt=after).order_by("seq")[:limit])


def events_before(
    *, stream: uuid.UUID, before: int | None = None, since: int | None = None, limit: int = 50
) -> list[Event]:
    """The newest events, newest first: below number ``before``, from number ``since`` on, at most ``limit``."""
    events = Event.objects.filter(stream_id=stream)
    if before is not None:
        events = events.filter(seq__lt=before)
    if since is not None:
        events = events.filter(seq__gte=since)
    return list(events.order_by("-seq")[:limit])


def stream_seq(*, stream: uuid.UUID) -> int:
    """The number of the stream's newest event: what a page was rendered at, read before anything that it shows."""
    return Stream.objects.filter(pk=stream).values_list("last_seq", flat=True).first() or 0


def last_seq(goals: QuerySet[Goal]) -> QuerySet[Goal]:
    """Goals with ``last_seq``: the number of their newest event."""
    stream = Stream.objects.filter(pk=OuterRef("pk")).values("last_seq")
    return goals.annotate(last_seq=Coalesce(Subquery(stream), 0))
