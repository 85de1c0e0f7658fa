"""Home: goals with their phases, what needs a person, who works on what now, and a few figures."""

from typing import Any

from django.db.models import Count, Q

from apps.accounts.models import Person
from apps.dashboard.pages.phases import rails
from apps.goals.models import Goal
from apps.goals.selectors import LIVE, goal_list
from apps.inbox.selectors import inbox
from apps.tasks.models import Task
from apps.tasks.selectors import slots_now

GOALS, NEEDS = 8, 6


def goals() -> dict[str, Any]:
    """The goals under way, then the newest that ended: five queries."""
    under_way = list(goal_list(status="live")[: GOALS + 1])
    rest = max(0, 4 - len(under_way))
    ended = list(goal_list().exclude(status__in=LIVE)[:rest]) if rest else []
    shown = under_way[:GOALS] + ended
    steps = rails(shown)
    rows = [{"goal": goal, "phases": steps[goal.pk]} for goal in shown]
    return {"goals": rows, "more_goals": len(under_way) > GOALS, "none": not shown}


def needing(person: Person) -> dict[str, Any]:
    """The top of the inbox, and how many there are: one look, for the list and the badge alike."""
    found = inbox(person).needs_you
    return {"needs": found[:NEEDS], "needs_count": len(found), "inbox_count": len(found)}


def slots() -> dict[str, Any]:
    """Each slot with what it holds: four queries."""
    pool, places = slots_now()
    held = [attempt for _, attempt in places if attempt is not None]
    marks = [
        {
            "number": place.number,
            "held": attempt is not None,
            "title": f"{attempt.task.title} by {attempt.agent.name}" if attempt else "",
            "href": f"/tasks/{attempt.task_id}" if attempt else "",
        }
        for place, attempt in places
    ]
    ready = Task.objects.filter(status="ready", goal__status="running").count()
    return {"pool": pool, "slots": marks, "held": held, "held_number": len(held), "ready": ready}


def figures(needed: int, held: int, slots_number: int, ready: int) -> dict[str, Any]:
    """A few numbers, as the component ``stat`` takes them: two queries."""
    counts = Goal.objects.aggregate(
        live=Count("pk", filter=Q(status__in=LIVE)),
        running=Count("pk", filter=Q(status="running")),
        delivered=Count("pk", filter=Q(status__in=["delivered", "accepted"])),
        all=Count("pk"),
    )
    work = Task.objects.filter(plan__status="active", goal__status__in=LIVE, kind="work").aggregate(
        done=Count("pk", filter=Q(status__in=["completed", "skipped"])),
        all=Count("pk", filter=~Q(status="cancelled")),
    )
    needs_note = "In your inbox" if needed else "Nothing waits for you"
    return {
        "figures": [
            _figure("Needs you", needed, "", needs_note, "inbox", "human" if needed else ""),
            _figure("Goals under way", counts["live"], "", f"{counts['running']} running", "target"),
            _figure("Slots in use", held, f"of {slots_number}", f"{ready} ready to start", "stack-2"),
            _figure("Tasks done", work["done"], f"of {work['all']}", "of the goals under way", "checks"),
            _figure("Delivered", counts["delivered"], f"of {counts['all']}", "goals so far", "package"),
        ]
    }


def whole(person: Person) -> dict[str, Any]:
    """Everything that Home shows."""
    found = needing(person) | goals() | slots()
    return found | figures_of(found)


def figures_of(found: dict[str, Any]) -> dict[str, Any]:
    """The figures for what ``needing`` and ``slots`` have found."""
    number = found["pool"].slots if found["pool"] else 0
    return figures(found["needs_count"], found["held_number"], number, found["ready"])


def _figure(label: str, value: int, unit: str, note: str, icon: str, tone: str = "") -> dict[str, Any]:
    return {"label": label, "value": value, "unit": unit, "note": note, "icon": icon, "tone": tone}
