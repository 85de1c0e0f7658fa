"""The artifacts of a goal: a tree of paths, and one file rendered so that it cannot act."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from apps.core.errors import NotThere
from apps.core.untrusted import reveal
from apps.delivery.selectors import ArtifactPage, artifact_page
from apps.goals.models import Goal
from apps.tasks.models import Artifact
from apps.tasks.selectors import artifacts_current

BRIEF = "strategic_prompt.txt"


@dataclass(frozen=True)
class Leaf:
    """One file as the tree shows it: the last part of its path beside the whole."""

    name: str
    path: str
    size: int


@dataclass
class Folder:
    """One folder: the files that lie in it, and the folders below. ``path`` has no slash at its end."""

    name: str
    path: str
    files: list[Leaf] = field(default_factory=list)
    folders: dict[str, "Folder"] = field(default_factory=dict)

    @property
    def below(self) -> list["Folder"]:
        return [self.folders[name] for name in sorted(self.folders)]


def tree(goal: Goal, *, chosen: str = "") -> dict[str, Any]:
    """Every file in force, by folder: one query."""
    rows = artifacts_current(goal=goal)
    return {"goal": goal, "root": folders(rows), "number": len(rows), "chosen": chosen, "brief_path": BRIEF}


def folders(rows: Iterable[Artifact]) -> Folder:
    """The paths as folders within folders; the brief is left out, the page shows it apart."""
    root = Folder("", "")
    for row in rows:
        *parents, last = row.path.split("/")
        place = root
        for name in parents:
            place = place.folders.setdefault(name, Folder(reveal(name), f"{place.path}/{name}".lstrip("/")))
        if row.path != BRIEF:
            place.files.append(Leaf(reveal(last), row.path, row.size))
    return root


def shown(goal: Goal, path: str) -> dict[str, Any]:
    """One file rendered, with who made it; ``problem`` says why it can't be shown."""
    try:
        page: ArtifactPage | None = artifact_page(goal=goal, path=path) if path else None
    except NotThere as error:
        return {"goal": goal, "path": path, "problem": error.detail}
    return {"goal": goal, "path": path, "page": page}
