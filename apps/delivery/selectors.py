"""Reading workspaces and deliverables, for pages and the API."""

from dataclasses import dataclass
from pathlib import Path

from apps.core.errors import Conflict, NotThere
from apps.core.untrusted import Rendered, render_file
from apps.delivery import differences, paths, repository, services
from apps.delivery.differences import Bounds, Difference
from apps.delivery.models import Deliverable
from apps.delivery.report import html, markdown
from apps.delivery.repository import Commit, Entry
from apps.delivery.workspaces import open_workspace, workspace_head
from apps.goals.models import Goal
from apps.tasks.models import Artifact

_LARGEST_SHOWN = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class ArtifactPage:
    """One file of a workspace as a page shows it: `origin` is None for the brief."""

    path: str
    entry: Entry
    rendered: Rendered
    origin: Artifact | None


def workspace_history(*, goal: Goal, limit: int = 100) -> list[Commit]:
    """The newest commits of accepted work, newest first; empty before the goal is started."""
    return open_workspace(goal).log(limit)


def workspace_tree(*, goal: Goal, commit: str = "") -> dict[str, Entry]:
    """The files at a commit (by default now), by path; empty before the goal is started. Raises `NotThere`."""
    at = commit or workspace_head(goal=goal)
    if not at:
        return {}
    try:
        return open_workspace(goal).read_tree(at)
    except repository.NotThere as error:
        raise NotThere(str(error)) from error


def workspace_difference(*, goal: Goal, old: str | None, new: str, bounds: Bounds | None = None) -> Difference:
    """What changed between two commits. Raises `NotThere`."""
    try:
        return differences.diff(open_workspace(goal), old, new, bounds)
    except repository.NotThere as error:
        raise NotThere(str(error)) from error


def artifact_content(*, goal: Goal, path: str, commit: str = "") -> bytes:
    """One file's content, whole. Raises `NotThere`."""
    try:
        return open_workspace(goal).read_file(commit or workspace_head(goal=goal), path)
    except (repository.NotThere, repository.TooLarge, paths.UnsafePath) as error:
        raise NotThere(str(error)) from error


def artifact_page(*, goal: Goal, path: str, commit: str = "") -> ArtifactPage:
    """One file rendered for a page, with who made it. Raises `NotThere`."""
    entry = workspace_tree(goal=goal, commit=commit).get(path)
    if entry is None:
        raise NotThere("There is no file with this path in the workspace.")
    if entry.size > _LARGEST_SHOWN:
        words = f"The file has {entry.size:,} bytes; files up to {_LARGEST_SHOWN:,} are shown. It can be downloaded."
        rendered = Rendered("binary", f"<p>{words}</p>", words)
    else:
        rendered = render_file(path, open_workspace(goal).read_blob(entry.blob))
    rows = Artifact.objects.filter(goal=goal, path=path, sha256=entry.sha256, attempt__isnull=False)
    origin = rows.select_related("task", "attempt__agent").order_by("-at").first()
    return ArtifactPage(path, entry, rendered, origin)


def deliverable_of(*, goal: Goal) -> Deliverable | None:
    """The newest deliverable whose clearance still holds, or None."""
    return Deliverable.objects.filter(goal=goal, clearance__revocation__isnull=True).order_by("-made_at").first()


def deliverable_file(*, goal: Goal) -> tuple[Deliverable, Path]:
    """The deliverable and its archive. Raises `Conflict` before the goal is delivered."""
    found = deliverable_of(goal=goal)
    if found is None:
        raise Conflict("There is no deliverable yet: the goal has to pass QG-PHASE7 first.")
    path = services.path_of(found)
    if not path.exists():
        raise Conflict("The deliverable is recorded and its file is not on this machine.")
    return found, path


def report_html(*, goal: Goal) -> str:
    """The summary report as it stands now, as one self-contained page. Raises `Conflict` before the start."""
    return html(services.parts_for(goal).report)


def report_markdown(*, goal: Goal) -> str:
    """The summary report as it stands now, as Markdown. Raises `Conflict` before the start."""
    return markdown(services.parts_for(goal).report)
