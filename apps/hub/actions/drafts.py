"""Actions on drafts of a plan: make one, edit, undo, redo, propose, discard; and change one task that was not begun."""

from apps.accounts import policy
from apps.accounts.models import Person
from apps.core.contention import atomic_again
from apps.core.errors import Conflict
from apps.goals.models import Goal
from apps.planning import drafts
from apps.planning.drafts import draft_discard, draft_edit, draft_propose, draft_redo, draft_undo
from apps.planning.task_changes import task_change
from apps.tasks.models import Plan

__all__ = ["draft_begin", "draft_discard", "draft_edit", "draft_propose", "draft_redo", "draft_undo", "task_change"]
EDITABLE = ("proposed", "running", "paused")


@atomic_again
def draft_begin(*, plan: Plan, person: Person, why: str = "") -> Plan:
    """A draft of this plan, to be edited. Its base is the plan that stands, also if it is made from an older version.

    Raises ``Conflict`` where the goal has no plan that a draft could take the place of.
    """
    goal = Goal.objects.select_for_update(no_key=True).get(pk=plan.goal_id)
    policy.require(person, "plan.edit", goal)
    standing = Plan.objects.filter(goal=goal, status="active").first()
    standing = standing or Plan.objects.filter(goal=goal, status="proposed").first()
    if goal.status not in EDITABLE or standing is None:
        raise Conflict(
            f"The goal is {goal.status}: a plan can be edited while it is proposed, and while the goal runs or is "
            "paused."
        )
    reason = why.strip()[:2000] or f"{person} edits version {plan.version}."
    blueprint = drafts.blueprint_of(plan)
    return drafts.draft_create(goal=goal, origin="edit", base=standing, blueprint=blueprint, person=person, why=reason)
