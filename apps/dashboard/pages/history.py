"""The history of a goal's workspace: commits of accepted work, and what one of them changed."""

import re
from typing import Any

from apps.core.errors import NotThere
from apps.core.untrusted import reveal
from apps.delivery.differences import Bounds, FileDiff
from apps.delivery.repository import Commit
from apps.delivery.selectors import workspace_difference, workspace_history
from apps.goals.models import Goal

MOST = 100
BOUNDS = Bounds(files=60, lines=400)
_COMMIT = re.compile(r"[0-9a-f]{40}")
_TRAILER = re.compile(r"^(Task|Attempt|Revision|Agent): (.+?)(?: \([0-9a-f-]+\))?$", re.MULTILINE)


def commits(goal: Goal, *, chosen: str = "") -> dict[str, Any]:
    """The newest commits. Merges show what they brought; the branches' own commits are left out."""
    found = [
        _commit(one) for one in workspace_history(goal=goal, limit=2 * MOST) if not one.subject.startswith("Work on")
    ]
    newest = found[0]["oid"] if found else ""
    return {"goal": goal, "commits": found[:MOST], "more": len(found) > MOST, "chosen": chosen or newest}


def _commit(one: Commit) -> dict[str, Any]:
    trailers = {name.lower(): reveal(value) for name, value in _TRAILER.findall(one.body)}
    return {"oid": one.oid, "when": one.when, "subject": reveal(one.subject), "author": reveal(one.author)} | trailers


def difference(goal: Goal, oid: str) -> dict[str, Any]:
    """What a commit changed against its first parent; ``problem`` says why it can't be shown."""
    if not _COMMIT.fullmatch(oid):
        return {"goal": goal, "problem": "There is no such commit."}
    try:
        known = {one.oid: one for one in workspace_history(goal=goal, limit=10 * MOST)}
        one = known[oid]
        found = workspace_difference(goal=goal, old=next(iter(one.parents), None), new=oid, bounds=BOUNDS)
    except (NotThere, KeyError):
        return {"goal": goal, "problem": "This commit is not in the workspace's history."}
    return {
        "goal": goal,
        "commit": _commit(one),
        "files": [file_shown(f) for f in found.files],
        "left_out": found.left_out,
    }


def file_shown(one: FileDiff) -> dict[str, Any]:
    """As the component ``diff`` takes it."""
    lines: list[dict[str, Any]] = []
    for hunk in one.hunks:
        lines.append({"kind": "hunk", "text": reveal(hunk.header)})
        kinds = {"+": "added", "-": "removed"}
        lines += [
            {"kind": kinds.get(line.origin, "same"), "old": line.old, "new": line.new, "text": reveal(line.text)}
            for line in hunk.lines
        ]
    if one.binary:
        lines.append({"kind": "hunk", "text": "A binary file: it is compared as a whole."})
    if one.truncated:
        lines.append({"kind": "hunk", "text": one.truncated})
    return {"path": reveal(one.path), "added": one.added, "removed": one.removed, "lines": lines, "status": one.status}
