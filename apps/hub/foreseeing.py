"""What activating a draft would do, before anybody does it: shown on its page, and followed to the letter when it is.

Reads only. The activation asks again under its locks, so what it does is what stands then.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from apps.core import audit
from apps.core.errors import Conflict
from apps.core.models import Event
from apps.engine.differences import Difference, difference
from apps.gates.models import Clearance, Gate, Round
from apps.goals.models import Goal
from apps.planning import drafts, patches, succession
from apps.planning.patches import Patched
from apps.planning.succession import Outlook
from apps.tasks.models import Artifact, Attempt, Plan, Task

PROMPT = "strategic_prompt.txt"
ACTIVATING = ("running", "paused")
_REOPENING = ("reviewing", "open", "deciding", "changes_requested", "rejected", "passed")


@dataclass(frozen=True)
class Foreseen:
    """``reopened`` is finished work that is done again; ``perhaps`` is finished work that is, should what it needs come
    out different. ``first_phase`` is the first phase whose gate has to pass once more; 0 where none has."""

    before: Mapping[str, Any]
    after: Mapping[str, Any]
    difference: Difference
    outlook: Outlook
    reopened: tuple[Task, ...]
    perhaps: tuple[Task, ...]
    first_phase: int
    gates: tuple[Gate, ...]
    revoked: tuple[Clearance, ...]
    rounds: tuple[Round, ...]
    attempts: tuple[uuid.UUID, ...]
    files: tuple[str, ...]
    patched: tuple[Patched, ...]
    digest: str = ""

    def as_dict(self) -> dict[str, Any]:
        """What the API shows beside the difference."""
        return {
            "reopened": [_task(task) for task in self.reopened],
            "perhaps": [_task(task) for task in self.perhaps],
            "gates": [{"code": gate.code, "phase": gate.phase, "status": gate.status} for gate in self.gates],
            "revoked": [
                {"phase": one.phase, "persons": [str(seat.person) for seat in one.seats.all()]} for one in self.revoked
            ],
            "attempts": len(self.attempts),
            "files": list(self.files),
            "patched": [one.as_dict() for one in self.patched],
            "digest": self.digest,
        }


def _digest(seen: Foreseen, draft: Plan, standing: Plan) -> str:
    """Stands for everything that a person agrees to with their click (promise 3).

    Not in it, because they come and go while agents work and nothing accepted depends on them: attempts under way,
    and work that is done again only if what it needs comes out different.
    """
    shown = seen.as_dict()
    return audit.digest_of(
        {
            "draft": str(draft.pk),
            "edition": draft.edition,
            "standing": str(standing.pk),
            "difference": seen.difference.as_dict(),
            "rounds": [str(one.pk) for one in seen.rounds],
            "gates": [gate.code for gate in seen.gates],
            **{name: shown[name] for name in ("reopened", "revoked", "files", "patched")},
        }
    )


def why_not(goal: Goal, draft: Plan, standing: Plan | None) -> str:
    """Why this draft can't be activated now, in a sentence; '' where it can."""
    if draft.status == "active":
        return f"Version {draft.version} is active already: {activated_by(draft) or 'somebody'} activated it."
    if draft.status != "draft":
        return f"Version {draft.version} is {draft.status}; only a draft can be activated."
    if goal.status == "proposed":
        return "The goal has not been started: propose the draft instead, then start the plan."
    if goal.status == "delivering":
        return "The goal is being delivered just now. Wait until that is done."
    if goal.status not in ACTIVATING:
        return f"The goal is {goal.status}; a draft is activated while its goal runs or is paused."
    if not draft.editions.exists():
        return "This draft is still being planned."
    if standing is None or draft.base_id != standing.pk:
        return (
            f"This draft was made from version {draft.base.version if draft.base else 'none'}, and version "
            f"{standing.version if standing else 'none'} is active by now. Draft anew from that one."
        )
    return ""


def activated_by(plan: Plan) -> str:
    """Who activated this plan."""
    actor = activator(plan)
    return str(actor["name"]) if actor else ""


def activator(plan: Plan) -> Mapping[str, Any]:
    told = Event.objects.filter(stream_id=plan.goal_id, type="plan.active", subject=f"plan:{plan.pk}")
    return told.values_list("actor", flat=True).first() or {}


def foresee(*, goal: Goal, draft: Plan, standing: Plan) -> Foreseen:
    """What activating ``draft`` instead of ``standing`` would do now: a fixed number of queries."""
    before, after = drafts.blueprint_of(standing), drafts.blueprint_of(draft)
    rows = succession.rows_of(standing)
    if {task["key"] for task in before["tasks"]} - set(rows):
        # Two looks, and an activation in between: only somebody who holds the goal's stream is spared that.
        raise Conflict("Another version of the plan was activated at this moment. Look again and decide anew.")
    after, patched = patches.carried(draft=draft, before=before, after=after, rows=rows)
    found = difference(before, after, inputs=inputs_changed(goal, after))
    view = succession.outlook(rows, after, found)
    gates = list(Gate.objects.filter(goal=goal).order_by("phase"))
    first = _first_phase(found, view, after, rows, gates)
    reopening = [gate for gate in gates if first and gate.phase >= first and gate.status in _REOPENING]
    in_force = Clearance.objects.filter(goal=goal, phase__gt=first, revocation__isnull=True)
    revoked = in_force.prefetch_related("seats__person").order_by("phase") if first else ()
    done = {key: row for key, row in rows.items() if row.status == "completed"}
    again = [done[key] for key in done if key in view.stale or (key in view.fresh and key in view.dropped)]
    touched = set(found.downstream) | _behind(after, set(view.fresh), handed=True)
    seen = Foreseen(
        before=before,
        after=after,
        difference=found,
        outlook=view,
        reopened=tuple(again),
        perhaps=tuple(done[key] for key in done if key in touched & view.kept),
        first_phase=first,
        gates=tuple(reopening),
        revoked=tuple(revoked),
        rounds=tuple(Round.objects.filter(gate__goal=goal, outcome="").select_related("gate").order_by("gate__phase")),
        attempts=tuple(_attempts(goal, rows, view, after, first)),
        files=_files(goal, rows, view, before, after),
        patched=patched,
    )
    return replace(seen, digest=_digest(seen, draft, standing))


def inputs_changed(goal: Goal, after: Mapping[str, Any]) -> tuple[str, ...]:
    """The brief counts as changed where the draft was planned from other facts than the goal has now."""
    facts = after.get("facts")
    if not facts:
        return ()
    return (PROMPT,) if _bearing(facts) != _bearing(goal.facts) else ()


def _bearing(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts without the questions: an answered one is not asked again, which changes nothing by itself."""
    return {name: value for name, value in facts.items() if name != "questions"}


def _first_phase(
    found: Difference,
    view: Outlook,
    after: Mapping[str, Any],
    rows: Mapping[str, Task],
    gates: Sequence[Gate],
) -> int:
    """The first phase that changes although its gate has passed."""
    phases = set(found.phases) | {task["phase"] for task in after["tasks"] if task["key"] in view.fresh}
    phases |= {rows[key].phase for key in view.dropped}
    passed = {gate.phase for gate in gates if gate.status == "passed"}
    return min(phases & passed, default=0)


def _behind(after: Mapping[str, Any], keys: set[str], *, handed: bool = False) -> set[str]:
    """Who comes after these tasks; ``handed``: only who needs an artifact of theirs."""
    edges = (edge for edge in after["edges"] if edge["artifact"] or not handed)
    return {edge["consumer"] for edge in edges if edge["producer"] in keys}


def _attempts(
    goal: Goal, rows: Mapping[str, Task], view: Outlook, after: Mapping[str, Any], first: int
) -> list[uuid.UUID]:
    """The live attempts that would end: of dropped and changed tasks, of waiting ones, of uncleared phases."""
    finished = {key for key in view.kept if rows[key].status in succession.FINISHED}
    waiting = {edge["consumer"] for edge in after["edges"] if edge["producer"] not in finished}
    ending = {row.pk for key, row in rows.items() if key in view.dropped | view.stale | waiting}
    columns = ("pk", "task_id", "phase", "task__kind")
    live = Attempt.objects.filter(goal=goal, status__in=succession.LIVE).values_list(*columns)
    # A review belongs to a round, and every live round is superseded.
    return [pk for pk, task, phase, kind in live if task in ending or kind == "review" or (first and phase > first)]


def _files(
    goal: Goal, rows: Mapping[str, Task], view: Outlook, before: Mapping[str, Any], after: Mapping[str, Any]
) -> tuple[str, ...]:
    """Accepted files that nobody promises any more: those of dropped work, and outputs that a changed task lost."""
    promised = {path for task in after["tasks"] for path in task["produces"]} | {PROMPT}
    promised |= set(after.get("given", ()))
    lost = {
        path for task in before["tasks"] if task["key"] in view.dropped | view.stale for path in task["produces"]
    } - promised
    gone = [rows[key].pk for key in view.dropped if key not in view.fresh]
    current = Artifact.objects.filter(goal=goal, current=True, deleted=False)
    made = set(current.filter(task__in=gone).values_list("path", flat=True))
    # What people brought along stays, whatever task would have written over it.
    there = set(current.filter(path__in=lost, attempt__isnull=False).values_list("path", flat=True))
    return tuple(sorted((made | there) - promised))


def _task(task: Task) -> dict[str, Any]:
    return {"id": str(task.pk), "key": task.key, "title": task.title, "phase": task.phase}
