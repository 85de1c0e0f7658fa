"""The tabs with files: what differs from before, and the artifacts of the phase, rendered so that they can't act."""

from typing import Any

from apps.core.errors import NotThere
from apps.core.untrusted import reveal
from apps.dashboard.pages.gate.quality import gate_before
from apps.dashboard.pages.history import BOUNDS, file_shown
from apps.delivery.selectors import artifact_page, workspace_difference
from apps.gates.selectors import GatePage
from apps.tasks.models import Artifact, Task

SINCE_ROUND, SINCE_GATE = "round", "gate"


def difference(page: GatePage, since: str) -> dict[str, Any]:
    """Old beside new between this round's tree and that of the last round, or of the gate before."""
    newest = page.round
    bases = _bases(page)
    chosen = next((one for one in bases if one["key"] == since), bases[0] if bases else None)
    context: dict[str, Any] = {"bases": bases, "since": chosen["key"] if chosen else ""}
    if newest is None or not newest.tree:
        return context | {"problem": "There is nothing to compare yet: the evidence of this round is not frozen."}
    try:
        old = chosen["tree"] if chosen else None
        found = workspace_difference(goal=page.gate.goal, old=old, new=newest.tree, bounds=BOUNDS)
    except NotThere as error:
        return context | {"problem": error.detail}
    return context | {"files": [file_shown(one) for one in found.files], "left_out": found.left_out}


def _bases(page: GatePage) -> list[dict[str, str]]:
    found = []
    earlier = [one for one in page.rounds if page.round and one.number < page.round.number and one.tree]
    if earlier:
        last = earlier[-1]
        found.append({"key": SINCE_ROUND, "title": f"Since round {last.number}", "tree": last.tree})
    before = gate_before(page.gate)
    if before is not None and before.tree:
        found.append({"key": SINCE_GATE, "title": f"Since {before.gate.code}", "tree": before.tree})
    return found


def artifacts(page: GatePage, path: str) -> dict[str, Any]:
    """The files that this phase brought, and one of them rendered as this round's tree has it."""
    newest = page.round
    phase = Artifact.objects.filter(goal=page.gate.goal, current=True, deleted=False, task__phase=page.gate.phase)
    rows = list(phase.select_related("task", "attempt__agent").defer("attempt__packet", "attempt__result"))
    chosen = path or next((row.path for row in rows if row.path.endswith(".md")), rows[0].path if rows else "")
    context: dict[str, Any] = {"files": rows, "path": chosen}
    if not chosen:
        return context
    try:
        shown = artifact_page(goal=page.gate.goal, path=chosen, commit=newest.tree if newest else "")
    except NotThere as error:
        return context | {"problem": error.detail}
    return context | {"shown": shown}


def anchors(page: GatePage) -> list[str]:
    """What a request may be anchored to: files and tasks of the phase, requirements, checks. Three queries."""
    gate = page.gate
    paths = Artifact.objects.filter(goal=gate.goal, current=True, deleted=False, task__phase=gate.phase)
    work = Task.objects.filter(goal=gate.goal, plan__status="active", phase=gate.phase, kind="work")
    return [
        *(reveal(path) for path in paths.order_by("path").values_list("path", flat=True)),
        *(f"task:{key}" for key in work.order_by("position").values_list("key", flat=True)),
        *(f"requirement:{number}" for number in gate.goal.requirements.values_list("number", flat=True)),
        *(f"check:{name}" for name in sorted({check.name for check in page.checks if check.result != "passed"})),
    ]
