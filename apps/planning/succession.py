"""One plan takes the place of another while the goal runs: whose rows stay, whose are made, whose end.

A task that both plans have keeps its row, and with it its attempts, effects, artifacts, questions and feedback: only
``plan`` and the figures are written anew (docs/decisions/replanning.md says why). The plan that ends keeps the rows of
what was dropped, and its whole blueprint as an edition, so that it can still be looked at.
"""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, Max, OuterRef

from apps.core import clock, transitions
from apps.core.actors import Actor
from apps.core.contention import atomic_part
from apps.engine.differences import Difference
from apps.planning import storing
from apps.planning.rows import rows_write
from apps.tasks.models import Attempt, Edge, Plan, PlanEdition, Task
from apps.tasks.services.attempts import attempts_end
from apps.tasks.services.readiness import unmet_recount

LIVE = ("dispatched", "running")
# What a person has decided not to have. It stays so, unless new work needs what it would have made.
GIVEN_UP = ("skipped", "cancelled")
# Nobody waits for these any more.
FINISHED = ("completed", *GIVEN_UP)
# Statuses in which a task may not stay when something that it needs is to be made again.
UNDER_WAY = ("ready", "dispatched", "running", "waiting", "merging", "conflict", "retrying", "escalated")

_TAKEN_OVER = [name for name in (*storing.TASK_FIELDS, *storing.TASK_DEFAULTS) if name not in ("key", "phase")]


@dataclass(frozen=True)
class Outlook:
    """What becomes of the rows, by task key. ``fresh`` maps to the revision at which its new row begins.

    ``stale`` rows stay and are done again; ``kept`` rows stay as they are; ``dropped`` rows end with the old plan.
    """

    kept: frozenset[str]
    stale: frozenset[str]
    fresh: Mapping[str, int]
    dropped: frozenset[str]


def outlook(rows: Mapping[str, Task], after: Mapping[str, Any], found: Difference) -> Outlook:
    """What a change to the blueprint ``after`` would do to the rows of the plan that stands. Reads, writes nothing."""
    listed = {task["key"]: task for task in after["tasks"]}
    changed = {change.key for change in found.changed}
    fresh = {key for key, task in listed.items() if key not in rows or _needs_a_row(rows[key], task, key in changed)}
    fresh |= _missed(rows, after, fresh, changed)
    return Outlook(
        kept=frozenset(set(listed) - fresh - changed),
        stale=frozenset(changed - fresh),
        fresh={key: rows[key].revision + 1 if key in rows else 1 for key in sorted(fresh)},
        dropped=frozenset(key for key in rows if key not in listed or key in fresh),
    )


def _needs_a_row(row: Task, task: Mapping[str, Any], changed: bool) -> bool:
    """A row keeps its phase for good, and what was given up is not taken up again by its old row."""
    return row.phase != task["phase"] or (changed and row.status in GIVEN_UP)


def _missed(rows: Mapping[str, Task], after: Mapping[str, Any], fresh: set[str], changed: set[str]) -> set[str]:
    """Given-up tasks whose output new or changed work needs, directly or through others."""
    producers: dict[str, set[str]] = {}
    for edge in after["edges"]:
        if edge["artifact"]:  # who only comes later needs nothing of it
            producers.setdefault(edge["consumer"], set()).add(edge["producer"])
    missed: set[str] = set()
    front = [key for key in fresh | changed if key in fresh or rows[key].status not in GIVEN_UP]
    while front:
        for key in producers.get(front.pop(), ()):
            if key in rows and rows[key].status in GIVEN_UP and key not in missed | fresh:
                missed.add(key)
                front.append(key)
    return missed


def rows_of(plan: Plan) -> dict[str, Task]:
    """The plan's work by key, with what succession looks at; reviews belong to rounds."""
    columns = ("goal", "plan", "key", "kind", "phase", "status", "revision", "title")
    return {task.key: task for task in Task.objects.filter(plan=plan, kind="work").only(*columns)}


@atomic_part
def blueprint_freeze(*, plan: Plan, blueprint: Mapping[str, Any]) -> None:
    """Keep what an ending plan consisted of: its rows go over to the plan that follows."""
    newest = PlanEdition.objects.filter(plan=plan).aggregate(newest=Max("number"))["newest"]
    number = 0 if newest is None else newest + 1
    PlanEdition.objects.create(
        plan=plan, number=number, words="As it stood when the next version took over.", blueprint=blueprint,
        made_at=clock.now(),
    )  # fmt: skip
    Plan.objects.filter(pk=plan.pk).update(edition=number)
    plan.edition = number


@atomic_part
def tasks_succeed(
    *, old: Plan, new: Plan, blueprint: Mapping[str, Any], view: Outlook, actor: Actor, why: str
) -> list[uuid.UUID]:
    """Give the rows of ``old`` to ``new`` as ``view`` says; returns the keys of the attempts that were cancelled.

    Tasks end up blocked where something that they need is unfinished; making others ready is the caller's, once the
    clearances are what they are to be. The number of statements does not depend on the number of tasks.
    """
    rows = rows_of(old)
    ended = attempts_cancel(tasks=[rows[key].pk for key in view.dropped | view.stale], actor=actor, why=why)
    dropped = Task.objects.filter(pk__in=[rows[key].pk for key in view.dropped])
    transitions.move_many(dropped, "cancelled", actor=actor, data={"why": why}, streams=[new.goal_id])
    _begin_anew(new, [rows[key].pk for key in view.stale], actor, why)
    listed = {task["key"]: task for task in blueprint["tasks"]}
    _take_over(new, listed, view)
    fresh = [{**listed[key]} for key in view.fresh]
    storing.tasks_store(new, fresh, [])
    _revise(new, view.fresh)
    _connect(old, new, blueprint["edges"])
    return [*ended, *_wait_again(new, actor, why)]


@atomic_part
def attempts_cancel(*, tasks: Collection[uuid.UUID], actor: Actor, why: str) -> list[Any]:
    """End the live attempts of these tasks: their slots are free with that, and their tokens void."""
    live = Attempt.objects.filter(task__in=tasks, status__in=LIVE)
    return attempts_end(attempts=list(live.values_list("pk", flat=True)), status="cancelled", error=why, actor=actor)


def _begin_anew(new: Plan, stale: Collection[uuid.UUID], actor: Actor, why: str) -> None:
    """Finished work of which something has changed is reopened; begun work goes back to the start."""
    tasks = Task.objects.filter(pk__in=stale)
    told, streams = {"why": why}, [new.goal_id]
    transitions.move_many(tasks.filter(status="completed"), "reopened", actor=actor, data=told, streams=streams)
    transitions.move_many(tasks, "blocked", actor=actor, data=told, streams=streams)


def _take_over(new: Plan, listed: Mapping[str, Mapping[str, Any]], view: Outlook) -> None:
    """The rows that stay, with what the new plan says of them: four statements, whatever their number."""
    staying = [*view.kept, *view.stale]
    rows = list(
        Task.objects.filter(goal=new.goal_id, plan=new.base_id, kind="work", key__in=staying).only(
            "key", "wanted_agent"
        )
    )
    chosen = _agents_chosen(new, listed)
    agents = storing.wanted_agents([listed[key] for key in chosen])
    for row in rows:
        row.plan = new
        task = listed[row.key]
        for name in _TAKEN_OVER:
            setattr(row, name, task.get(name, storing.TASK_DEFAULTS.get(name)))
        if row.key in chosen:
            row.wanted_agent_id = agents.get(task["wanted_agent"] or "")
    rows_write(rows, {"plan", "wanted_agent", *_TAKEN_OVER})
    stale = Task.objects.filter(plan=new, kind="work", key__in=view.stale)
    stale.update(failures=0, finished_at=None, ready_at=None, not_before=None)
    stale.filter(Exists(Attempt.objects.filter(task=OuterRef("pk")))).update(revision=F("revision") + 1)


def _agents_chosen(new: Plan, listed: Mapping[str, Mapping[str, Any]]) -> set[str]:
    """Tasks whose agent was chosen in the draft; another may have been given to the running task meanwhile."""
    first = PlanEdition.objects.filter(plan=new, number=0).values_list("blueprint", flat=True).first() or {}
    before = {task["key"]: task.get("wanted_agent") or "" for task in first.get("tasks", ())}
    return {key for key, task in listed.items() if (task.get("wanted_agent") or "") != before.get(key, "")}


def _revise(new: Plan, fresh: Mapping[str, int]) -> None:
    """A row that stands for an earlier one goes on counting: whoever needs its output hears that it is another."""
    later = [key for key, revision in fresh.items() if revision > 1]
    rows = list(Task.objects.filter(plan=new, key__in=later))
    for row in rows:
        row.revision = fresh[row.key]
    Task.objects.bulk_update(rows, ["revision"], batch_size=storing.BATCH)


def _connect(old: Plan, new: Plan, edges: Collection[Mapping[str, str]]) -> None:
    """The new plan's edges instead of the old one's, which the frozen blueprint keeps: each finish counts edges."""
    Edge.objects.filter(plan=old).delete()
    ids = dict(Task.objects.filter(plan=new, kind="work").values_list("key", "pk"))
    Edge.objects.bulk_create(
        [
            Edge(
                plan=new,
                producer_id=ids[edge["producer"]],
                consumer_id=ids[edge["consumer"]],
                artifact=edge["artifact"],
            )
            for edge in edges
        ],
        batch_size=storing.BATCH,
    )
    unmet_recount(tasks=list(ids.values()))


def _wait_again(new: Plan, actor: Actor, why: str) -> list[Any]:
    """Begun tasks that now wait for something go back to blocked, and every blocked one says what it waits for."""
    tasks = Task.objects.filter(plan=new, kind="work")
    waiting = list(tasks.filter(unmet__gt=0, status__in=UNDER_WAY).values_list("pk", flat=True))
    ended = attempts_cancel(tasks=waiting, actor=actor, why=why) if waiting else []
    if waiting:
        waits = Task.objects.filter(pk__in=waiting)
        transitions.move_many(waits, "blocked", actor=actor, data={"why": why}, streams=[new.goal_id])
    blocked = tasks.filter(status="blocked")
    blocked.filter(unmet__gt=0).update(wait_reason="dependency", wait_detail="")
    blocked.filter(unmet=0).update(wait_reason="gate", wait_detail="")
    return ended
