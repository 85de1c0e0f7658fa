"""Measuring against the SLOs: a sample a minute, and an escalation when three in a row are breached."""

import uuid
from collections.abc import Mapping
from datetime import timedelta

from django.db import transaction

from apps.core import clock
from apps.engine.integrals import Integrals
from apps.goals.models import Goal
from apps.inbox import services as inbox
from apps.insight.models import SloSample
from apps.insight.selectors import ENOUGH_SECONDS, integrals_of
from apps.tasks.models import Pool

# A window of ten minutes shows what is wrong now, and forgets what was wrong an hour ago.
WINDOW = timedelta(minutes=10)
IN_A_ROW = 3


@transaction.atomic
def slo_check() -> list[SloSample]:
    """Sample the pool and every running goal; the third breach in a row raises an escalation (one, until resolved).

    Under a minute of execution there is 'not enough data': no ratio, and no breach.
    """
    pool = Pool.objects.order_by("pk").first()
    if pool is None:
        return []
    now = clock.now()
    goals = {goal.pk: goal for goal in Goal.objects.filter(status="running")}
    found = integrals_of(list(goals), since=now - WINDOW, until=now)
    samples = [_sample(pool, goals.get(key) if key else None, sums) for key, sums in found.items()]
    for sample in samples:
        sample.at = now
    SloSample.objects.bulk_create(samples)
    for sample in samples:
        if sample.breached and _third_in_a_row(sample):
            _escalate(pool, sample, goals)
    return samples


def _sample(pool: Pool, goal: Goal | None, sums: Integrals) -> SloSample:
    if sums.running < ENOUGH_SECONDS:
        return SloSample(goal=goal, parallelization=None, overhead=None, breached=False)
    parallelization, overhead = sums.parallelization, sums.overhead()
    slow = parallelization is not None and parallelization < pool.slo_parallelization
    heavy = overhead is not None and overhead > pool.slo_overhead
    return SloSample(goal=goal, parallelization=parallelization, overhead=overhead, breached=slow or heavy)


def _third_in_a_row(sample: SloSample) -> bool:
    newest = SloSample.objects.filter(goal=sample.goal_id).order_by("-at", "-pk")
    breaches = list(newest.values_list("breached", flat=True)[:IN_A_ROW])
    return len(breaches) == IN_A_ROW and all(breaches)


def _escalate(pool: Pool, sample: SloSample, goals: Mapping[uuid.UUID, Goal]) -> None:
    goal = goals.get(sample.goal_id) if sample.goal_id else None
    of = f"“{goal}”" if goal else "The pool"
    inbox.escalation_raise(
        goal=goal,
        task=None,
        kind="slo",
        key=f"slo:{sample.goal_id or 'pool'}",
        text=(
            f"{of} has missed its targets {IN_A_ROW} times in a row: parallelization "
            f"{sample.parallelization or 0:.0%} (at least {pool.slo_parallelization:.0%}), coordination overhead "
            f"{sample.overhead or 0:.0%} (at most {pool.slo_overhead:.0%})."
        ),
        what_to_do="See on the timeline where ready tasks wait: add workers or slots, or look for a slow agent.",
    )
