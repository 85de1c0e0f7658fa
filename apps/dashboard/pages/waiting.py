"""Why a task is not running, in words: dependency, gate, slot, capability, agent, budget, back-off, paused, person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from apps.gates.models import Gate
from apps.tasks.models import Attempt, Task

_GATES = {
    "pending": "is not open yet",
    "reviewing": "is being reviewed",
    "open": "needs a decision",
    "deciding": "is being decided",
    "changes_requested": "has asked for changes",
    "rejected": "was rejected",
    "closed": "is closed",
}
_PLAIN = {
    "slot": "Waits for a free slot.",
    "worker": "No worker is there that could run it.",
    "capability": "No agent in the registry can do this.",
    "agent": "Every agent that can do this is busy or away.",
    "budget": "The goal's budget is spent.",
    "backoff": "It is tried again after a pause.",
    "paused": "The goal is paused.",
    "person": "It needs a person.",
    "queue_full": "The queue is full: it stands back until there is room.",
    "gate": "Waits for the gate before its phase.",
    "dependency": "Waits for another task.",
}


@dataclass(frozen=True)
class Why:
    """The kind of reason (it chooses the icon), and the sentence."""

    kind: str
    text: str


def why(task: Task, *, gates: Mapping[int, Gate], missing: Sequence[str], goal: str, attempt: Attempt | None) -> Why:
    """What the task waits for, or what goes on; empty words where there is nothing to say."""
    if task.status in ("completed", "skipped", "cancelled"):
        return Why("", "")
    if task.status in ("running", "dispatched", "merging"):
        return Why("", attempt.note if attempt else "")
    if task.status == "escalated":
        return Why("person", task.wait_detail or "It failed too often: a person decides.")
    if task.status == "waiting":
        return Why("person", task.wait_detail or "Its agent waits for a person's answer.")
    if goal == "proposed":
        return Why("person", "Waits for the start of the plan.")
    if goal == "paused":
        return Why("paused", _PLAIN["paused"])
    if task.status in ("blocked", "reopened"):
        return _blocked(task, gates, missing)
    kind = task.wait_reason or "slot"
    return Why("back_off" if kind == "backoff" else kind, task.wait_detail or _PLAIN[kind])


def _blocked(task: Task, gates: Mapping[int, Gate], missing: Sequence[str]) -> Why:
    if missing:
        more = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
        return Why("dependency", f"Needs “{missing[0]}”{more}.")
    before = gates.get(task.phase - 1)
    if before is not None and before.status != "passed":
        return Why("gate", f"{before.code} {_GATES.get(before.status, 'has not passed')}.")
    kind = task.wait_reason or "dependency"
    return Why(kind, task.wait_detail or _PLAIN[kind])
