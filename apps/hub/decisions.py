"""What follows when people have decided: the next phase, changes, a rewind, the end, or the delivery."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from apps.core import clock, events, transitions
from apps.core.contention import atomic_again
from apps.gates import services as gates
from apps.gates.models import ChangeItem, Clearance, Gate, Round
from apps.goals.models import Goal
from apps.hub import rewinding
from apps.tasks.models import Artifact, Task
from apps.tasks.services.completion import tasks_reopen
from apps.tasks.services.readiness import tasks_make_ready


@atomic_again
def settle(*, goal: Goal, phase: int) -> bool:
    """End the undo window of a gate: apply what was decided, in the transaction that decides it."""
    gate = Gate.objects.get(goal=goal, phase=phase)
    decision = gates.decision_settle(gate=gate)
    if decision is None:
        return False
    gate.refresh_from_db()
    if decision.outcome == "passed":
        tasks_make_ready(tasks=Task.objects.filter(goal=goal, plan__status="active", phase=phase + 1))
    elif decision.outcome == "changes_requested":
        _request_changes(gate, decision.round)
    elif decision.outcome == "rejected":
        to_phase = phase if decision.to_phase is None else decision.to_phase
        rewinding.rewind(goal=goal, gate=gate, round_=decision.round, to_phase=to_phase)
    return True


def _request_changes(gate: Gate, round_: Round) -> None:
    """Reopen the named tasks with the words in their next packets; the gate goes back to pending."""
    transitions.move(gate, "pending")
    items = list(round_.change_items.order_by("number"))
    targets = {item.pk: tasks_for(gate, anchor=item.anchor, task_id=item.task_id) for item in items}
    notes: dict[Any, list[dict[str, Any]]] = defaultdict(list)
    for item in items:
        for task in targets[item.pk]:
            notes[task].append(
                {"round": round_.number, "number": item.number, "text": item.text, "anchor": item.anchor}
            )
        if targets[item.pk]:
            item.task_id = targets[item.pk][0]
    ChangeItem.objects.bulk_update(items, ["task_id"])
    tasks_reopen(tasks=list(notes), feedback=notes)


def tasks_for(gate: Gate, *, anchor: str, task_id: Any = None) -> Sequence[Any]:
    """The tasks that answer a request: the one it names, the maker of the file, else all of the phase. Their keys."""
    work = Task.objects.filter(
        goal_id=gate.goal_id, plan__status="active", phase=gate.phase, kind="work", status="completed"
    )
    kind, _, name = anchor.partition(":")
    found: Sequence[Any] = []
    if task_id:
        found = list(work.filter(pk=task_id).values_list("pk", flat=True))
    elif kind == "task":
        found = list(work.filter(key=name).values_list("pk", flat=True))
    elif anchor and kind not in ("requirement", "check"):
        found = _makers(gate, kind, work)
    return found or list(work.values_list("pk", flat=True))


def _makers(gate: Gate, path: str, work: Any) -> list[Any]:
    artifact = Artifact.objects.filter(goal_id=gate.goal_id, path=path, current=True).first()
    return list(work.filter(pk=artifact.task_id).values_list("pk", flat=True)) if artifact else []


@atomic_again
def begin_delivery(*, goal: Goal) -> bool:
    """The goal is cleared to deliver."""
    # Held before it is looked at: a plan that is activated now revokes this clearance.
    events.lock_streams([goal.pk])
    cleared = Clearance.objects.filter(goal=goal, phase=8, revocation__isnull=True).exists()
    if not cleared or goal.status != "running":
        return False
    transitions.move(goal, "delivering", data={"at": clock.now().isoformat()})
    return True
