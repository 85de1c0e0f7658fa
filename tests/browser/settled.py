"""An installation where something has happened and nothing happens now: a goal that waits at a gate."""

from dataclasses import dataclass

from apps.agents.models import Agent
from apps.goals.models import Goal
from apps.inbox.models import Question
from apps.tasks.models import Attempt, Task
from tests.browser.hostile import BRIEF, CLAIM, TITLE
from tests.flows.people import PersonAtWork


@dataclass(frozen=True)
class Settled:
    """``goal`` waits at QG-PHASE2; ``proposed`` for its start; QG-PHASE1 of ``goal`` has passed."""

    goal: str
    proposed: str
    gates: dict[int, str]

    def addresses(self) -> dict[str, str]:
        """What stands in the addresses of pages, by name."""
        return {
            "goal": self.goal,
            "proposed": self.proposed,
            "task": str(Task.objects.filter(goal_id=self.goal, phase=2, kind="work").order_by("position")[0].pk),
            "question": str(Question.objects.order_by("asked_at")[0].pk),
            "agent": Agent.objects.order_by("slug")[0].slug,
            **{f"gate{phase}": key for phase, key in self.gates.items()},
        }


def settled_made(ada: PersonAtWork) -> Settled:
    """Through the public API, with the hub at work behind it."""
    goal = ada.submits(TITLE, BRIEF, start=True, budget="40.00")
    ada.approves_as_it_opens(goal, "QG-PHASE1")
    ada.waits_for_gate(goal, "QG-PHASE2")
    proposed = ada.submits("Bird count", "Build a command-line tool that counts birds.\nA watcher can add a sighting.")
    ada.waits_for_goal(proposed, "proposed")
    hostile_claims(goal)
    gates = Goal.objects.get(pk=goal).gates.values_list("phase", "pk")
    return Settled(goal, proposed, {phase: str(pk) for phase, pk in gates})


def hostile_claims(goal: str) -> None:
    """An agent of phase 2 claims what might act where it is shown."""
    for attempt in Attempt.objects.filter(goal_id=goal, phase=2, status="succeeded"):
        attempt.result = {**attempt.result, "claims": [CLAIM], "summary": CLAIM}
        attempt.save(update_fields=["result"])
