"""Rounds of gates: begun when a phase is done, frozen when the reviews are in or their time is over."""

from django.db import transaction

from apps.core import events, transitions
from apps.core.actors import HUB, Actor
from apps.core.contention import atomic_again
from apps.delivery import workspaces
from apps.gates import services as gates
from apps.gates.models import Gate, Round
from apps.goals.models import Goal
from apps.hub import evidence, material
from apps.hub.checks import checks_for
from apps.planning.late_start import first_phase_of
from apps.tasks.models import Attempt, Plan, Task
from apps.tasks.services.attempts import attempts_end
from apps.tasks.services.files import current_tree
from apps.tasks.services.readiness import tasks_make_ready

REVIEWS = "reviews/"
_NAMES = {
    "review.code": ("code", "Code review"),
    "review.security": ("security", "Security review"),
    "review.performance": ("performance", "Performance review"),
}


@atomic_again
def begin(*, goal: Goal, phase: int) -> bool:
    """Begin a round: freeze the rule, and give the governance agents their reviews."""
    events.lock_streams([goal.pk])
    gate = Gate.objects.select_for_update(no_key=True).get(goal=goal, phase=phase)
    if gate.status != "pending":
        return False
    previous = gate.rounds.exclude(evidence=None).order_by("-number").first()
    live = gates.round_begin(gate=gate)
    plan = Plan.objects.get(goal=goal, status="active")
    has_work = Task.objects.filter(plan=plan, phase=phase, kind="work").exclude(status="cancelled").exists()
    if (has_work or phase < first_phase_of(goal)) and not _reviewed_already(goal, previous):
        _ask_for_reviews(live, plan, phase)
    return True


def _reviewed_already(goal: Goal, previous: Round | None) -> bool:
    """Whether the reviews in the workspace are of just these files: then they need not be made again."""
    if previous is None or not previous.evidence:
        return False
    before = {path: digest for path, digest in previous.evidence["artifacts"].items() if not path.startswith(REVIEWS)}
    now = {path: digest for path, digest in current_tree(goal.pk).items() if not path.startswith(REVIEWS)}
    return before == now


def _ask_for_reviews(live: Round, plan: Plan, phase: int) -> None:
    rows = []
    for position, capability in enumerate(live.definition.reviews):
        name, title = _NAMES.get(capability, (capability.rpartition(".")[2], capability))
        rows.append(
            Task(
                goal_id=plan.goal_id,
                plan=plan,
                round=live,
                kind="review",
                key=f"review-{phase}-{name}-round-{live.number}",
                phase=phase,
                position=10_000 + position,
                title=f"{title} for {live.gate.code}, round {live.number}",
                description=f"Look at the result of phase {phase} and report checks.",
                capability=capability,
                status=Task.lifecycle.initial,
                produces=[f"{REVIEWS}phase{phase}/{name}.json"],
                parameters={"round": live.number, "gate": live.gate.code},
                acceptance=["Each check says passed, failed or not run, with its proof."],
                # People wait at the gate for reviews: they go before everything else of the goal.
                bottom_level=plan.critical_minutes,
                rice=1.0,
            )
        )
    Task.objects.bulk_create(rows)
    tasks_make_ready(tasks=Task.objects.filter(round=live, kind="review"))


def freeze(*, goal: Goal, phase: int) -> bool:
    """Run the deterministic checks on the workspace as it stands, freeze the evidence, and open the gate."""
    gate = Gate.objects.get(goal=goal, phase=phase)
    live = gate.rounds.filter(outcome="").first()
    if gate.status != "reviewing" or live is None:
        return False
    _end_reviews(live)
    head = workspaces.workspace_head(goal=goal)
    gathered = material.gather(goal=goal, round_=live, head=head)
    checks = checks_for(gate.code, gathered)
    with transaction.atomic():
        gates.checks_store(round=live, checks=checks)
        frozen = evidence.evidence_for(goal=goal, round=live, checks=checks, tree=head)
        gates.evidence_freeze(round=live, evidence=frozen, tree=head)
    return True


@atomic_again
def _end_reviews(live: Round) -> None:
    """What is not there by now is 'not run': its task ends."""
    reviews_end(live, HUB, "The time for reviews is over.")


def reviews_end(live: Round, actor: Actor, why: str) -> None:
    """End the unfinished reviews of a round; their slots are free with that."""
    unfinished = Task.objects.filter(round=live, kind="review").exclude(status__in=["completed", "cancelled"])
    running = Attempt.objects.filter(task__in=unfinished, status__in=["dispatched", "running"])
    attempts_end(attempts=list(running.values_list("pk", flat=True)), status="cancelled", error=why, actor=actor)
    transitions.move_many(unfinished, "cancelled", actor=actor, data={"why": why})
