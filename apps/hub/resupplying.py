"""Another file instead of a supplied one, while the gate that decides on it is not passed.

No task made what people brought along, so a request for changes would reopen nothing: people change it themselves, and
the gate looks at the evidence anew. What a gate has agreed to is not changed this way.
"""

from collections.abc import Mapping

from apps.accounts.models import Person
from apps.core.actors import person_actor
from apps.core.errors import Conflict, Invalid
from apps.delivery import supplying, workspaces
from apps.gates import services as gates
from apps.gates.models import Gate, Round
from apps.goals.models import Goal
from apps.hub import rounds
from apps.hub.merging import REQUIREMENTS, requirements_read
from apps.tasks.models import SuppliedArtifact, Task
from apps.tasks.services.completion import tasks_reopen
from apps.tasks.services.files import artifacts_accept
from apps.tasks.supplied import first_phase_of, supplied_phases

RUNNING = ("running", "paused")


def only_supplied(gate: Gate) -> str:
    """Why no changes can be requested at this gate, in words; '' where its phase has work of agents."""
    if gate.phase >= first_phase_of(gate.goal) or gate.goal.status not in RUNNING:
        return ""
    work = Task.objects.filter(goal=gate.goal_id, plan__status="active", phase=gate.phase, kind="work")
    if work.exclude(status="cancelled").exists():
        return ""
    return (
        "The artifacts of this phase were supplied by people, so no task can change them. "
        "Supply a changed file instead, or reject."
    )


def paths_of(gate: Gate) -> list[str]:
    """The supplied files that this gate decides on."""
    return sorted(path for path, phase in supplied_phases(gate.goal).items() if phase == gate.phase)


def resupply(*, goal: Goal, person: Person, files: Mapping[str, bytes]) -> None:
    """Take these files instead of those supplied before: a commit, new evidence, and what read them done again.

    In the caller's transaction, which holds the goal. Raises ``Invalid`` and ``Conflict`` with words.
    """
    _allowed(goal, files)
    supplying.supplied_store(goal=goal, person=person, files=files)
    digests = dict(SuppliedArtifact.objects.filter(goal=goal, path__in=list(files)).values_list("path", "blob_id"))
    changed = artifacts_accept(goal_id=goal.pk, attempt=None, changed=digests, deleted=())
    if not changed:
        raise Conflict("These files are just as they were: nothing was changed.")
    why = f"{person} supplied {', '.join(sorted(changed)[:5])}{' and others' if len(changed) > 5 else ''} anew."
    contents = {path: files[path] for path in changed}
    workspaces.workspace_put(goal=goal, files=contents, person=person, why=why)
    if REQUIREMENTS in changed:
        requirements_read(goal=goal, digest=digests[REQUIREMENTS])
    _evidence_anew(goal, person, why)
    read = Task.objects.filter(goal=goal, plan__status="active", kind="work", status="completed")
    tasks_reopen(tasks=[pk for pk, paths in read.values_list("pk", "consumes") if changed & set(paths)])


def _allowed(goal: Goal, files: Mapping[str, bytes]) -> None:
    if not files:
        raise Invalid({supplying.FIELD: "Choose a file."})
    last = first_phase_of(goal) - 1
    if last < 1:
        raise Conflict("This goal began in phase 1: its artifacts are made by its tasks, none is supplied.")
    phases = supplied_phases(goal)
    made = Task.objects.filter(goal=goal, plan__status="active", kind="work").exclude(status="cancelled")
    promised = {path: title for title, paths in made.values_list("title", "produces") for path in paths}
    passed = {gate.phase: gate for gate in Gate.objects.filter(goal=goal, status__in=["passed", "closed"])}
    for path in sorted(files):
        if path in promised:
            raise Conflict(f"{path} is made by “{promised[path]}”: request changes there.")
        if (gate := passed.get(phases.get(path, last))) is not None:
            raise Conflict(f"{gate.code} has passed with {path} as it is. Reject back to phase {gate.phase} first.")


def _evidence_anew(goal: Goal, person: Person, why: str) -> None:
    for live in Round.objects.filter(gate__goal=goal, outcome="").select_related("gate"):
        rounds.reviews_end(live, person_actor(person), why)
        gates.round_supersede(round=live, why=why, actor=person_actor(person))
