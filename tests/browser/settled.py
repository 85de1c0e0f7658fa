"""An installation where something has happened and nothing happens now: a goal that waits at a gate, and what is needed."""

import hashlib
from dataclasses import dataclass

from apps.agents.models import Agent
from apps.core import clock
from apps.goals.models import Goal
from apps.inbox.models import Question
from apps.tasks.models import Artifact, Attempt, Blob, Task
from tests.browser.hostile import BRIEF, MARKDOWN, TITLE
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
            "task": str(Task.objects.filter(goal=self.goal, phase=2, kind="work").order_by("position")[0].pk),
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
    hostile_work(goal)
    gates = Goal.objects.get(pk=goal).gates.values_list("phase", "pk")
    return Settled(goal, proposed, {phase: str(pk) for phase, pk in gates})


def hostile_work(goal: str) -> None:
    """An agent that wrote what might act: a file of phase 1, and a claim about its work in phase 2."""
    content = MARKDOWN.encode()
    digest = hashlib.sha256(content).hexdigest()
    Blob.objects.create(sha256=digest, content=content, size=len(content))
    task = Task.objects.filter(goal=goal, phase=1, kind="work").order_by("position")[0]
    Artifact.objects.create(
        goal_id=goal, task=task, path="docs/hostile.md", sha256=digest, size=len(content), at=clock.now()
    )
    for attempt in Attempt.objects.filter(goal=goal, phase=2, status="succeeded"):
        attempt.result = {**attempt.result, "claims": [MARKDOWN], "summary": MARKDOWN}
        attempt.save(update_fields=["result"])
