"""Planning: running the engine for a goal, and storing what it gave."""

from django.db import transaction

from apps.core.errors import Conflict
from apps.goals.models import Goal
from apps.planning import storing
from apps.tasks.models import Approach, Plan


@transaction.atomic
def plan_from_approach(*, approach: Approach) -> Plan:
    """Propose the plan of this approach; the one that was proposed is discarded. Raises ``Conflict``.

    Choosing the approach whose plan is proposed already changes nothing.
    """
    goal = Goal.objects.select_for_update().get(pk=approach.goal_id)
    if goal.status != "proposed":
        raise Conflict(f"The goal is {goal.status}: an approach can be chosen while a plan is proposed.")
    standing = Plan.objects.filter(goal=goal, status="proposed", approach=approach).first()
    return standing or storing.plan_store(goal=goal, approach=Approach.objects.get(pk=approach.pk))
