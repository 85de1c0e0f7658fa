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
    """``goal`` waits at QG-PHASE2; ``proposed`` for its start; QG-PHASE1 of ``goal`` has passed. ``draft`` is one of
    the proposed plan, ``version`` one of the active plan; ``standing`` is the proposed plan."""

    goal: str
    proposed: str
    standing: str
    draft: str
    version: str
    template: str
    gates: dict[int, str]

    def addresses(self) -> dict[str, str]:
        """What stands in the addresses of pages, by name."""
        return {
            "goal": self.goal,
            "proposed": self.proposed,
            "standing": self.standing,
            "draft": self.draft,
            "version": self.version,
            "template": self.template,
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
    standing = ada.get(f"/goals/{proposed}/plan")["id"]
    template = ada.post(f"/plans/{standing}/template", name="Tools that count", summary="For tools of one hand.")["id"]
    draft, version = drafted(ada, standing), drafted(ada, ada.get(f"/goals/{goal}/plan")["id"])
    return Settled(goal, proposed, standing, draft, version, template, {phase: str(pk) for phase, pk in gates})


def drafted(ada: PersonAtWork, plan: str) -> str:
    """A draft of this plan with one edit in it: a task that has not begun gets another description."""
    draft = ada.post(f"/plans/{plan}/drafts", why=CLAIM)
    first = Task.objects.filter(plan_id=plan, phase=4, kind="work").order_by("position")[0]
    change = {"kind": "change", "task": first.key, "description": CLAIM}
    ada.post(f"/plans/{draft['id']}/edits", edition=draft["edition"], operation=change)
    return str(draft["id"])


def hostile_claims(goal: str) -> None:
    """An agent of phase 2 claims what might act where it is shown."""
    for attempt in Attempt.objects.filter(goal_id=goal, phase=2, status="succeeded"):
        attempt.result = {**attempt.result, "claims": [CLAIM], "summary": CLAIM}
        attempt.save(update_fields=["result"])
