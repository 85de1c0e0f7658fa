"""From a goal whose seven gates people passed to an archive that its receiver can verify."""

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from apps.core import clock
from apps.core.errors import Conflict, NotThere
from apps.delivery import package, selectors, services, workspaces
from apps.delivery.models import Deliverable
from apps.delivery.verify import verify
from apps.delivery.workspaces import Accepted
from apps.gates.models import Clearance
from apps.goals.models import Brief, Goal, Requirement
from apps.tasks.models import Task
from apps.tasks.services.files import artifacts_accept, tree_store
from tests import factories
from tests.gates.conftest import World, make_world

pytestmark = pytest.mark.django_db
BRIEF = "Keep seeds – <b>all</b> of them.\r\n".encode()
EVIL = b"# <script>alert(1)</script>\n"
ACCEPTANCE = json.dumps({"acceptance": [{"requirement": 1, "test": "tests/test_seeds.py::T::test_add"}]}).encode()
SEATS = {1: ("owner",), 2: ("architect",), 3: ("operator",), 4: ("engineer",), 5: ("designer",), 6: ("quality",)}


@pytest.fixture
def world(settings: Any, tmp_path: Path) -> World:
    settings.VAR_DIR = tmp_path
    made = make_world()
    Brief.objects.create(
        goal=made.goal, number=1, content=BRIEF, sha256="0" * 64, added_by=made.owner, added_at=clock.now()
    )
    Requirement.objects.create(goal=made.goal, number=1, text="Keep seeds", kind="testable", sentences=[1])
    Requirement.objects.create(goal=made.goal, number=2, text="Fly", kind="declined", why="software can't")
    made.start()
    digest = workspaces.workspace_create(goal=made.goal)
    artifacts_accept(goal_id=made.goal.pk, attempt=None, changed={"strategic_prompt.txt": digest}, deleted=())
    Goal.objects.filter(pk=made.goal.pk).update(head=workspaces.workspace_head(goal=made.goal))
    accept(made, {"requirements/acceptance.json": ACCEPTANCE, "docs/größe.md": EVIL, "service/__init__.py": b""})
    return made


def accept(world: World, files: dict[str, bytes]) -> None:
    """What the hub does with a finished attempt of phase 1."""
    task = factories.task(world.plan, key="requirements.analysis:Seeds", status="merging")
    attempt = factories.attempt(
        task,
        status="succeeded",
        result={"changed": tree_store(tree=files), "deleted": []},
        base=workspaces.workspace_head(goal=world.goal),
        finished_at=clock.now(),
        packet={"schema": "task_packet/1"},
    )
    outcome = workspaces.merge_attempt(attempt=attempt)
    assert isinstance(outcome, Accepted)
    artifacts_accept(goal_id=world.goal.pk, attempt=attempt, changed=attempt.result["changed"], deleted=())
    workspaces.merge_done(attempt=attempt)
    Goal.objects.filter(pk=world.goal.pk).update(head=outcome.commit)
    world.goal.refresh_from_db()


def cleared(world: World) -> Clearance:
    """All seven gates, as people pass them; the second phase after a request for changes."""
    for phase in range(1, 8):
        if phase == 2:
            world.open_round(phase)
            world.vote(world.architect, phase, "request_changes", items=[{"text": "Say why", "anchor": ""}])
            world.settle(phase)
            gate = world.gate(phase)
            services_move(gate)
        world.open_round(phase)
        for person in SEATS.get(phase, ("teammate", "architect")):
            world.vote(world.people[person], phase)
        decision = world.settle(phase)
    clearance: Clearance = decision.clearance
    return clearance


def services_move(gate: Any) -> None:
    from apps.core.transitions import move

    move(gate, "pending")


def test_the_archive_is_verified_recorded_and_made_once(world: World) -> None:
    clearance = cleared(world)
    made = services.deliverable_pack(goal=world.goal, clearance=clearance)
    again = services.deliverable_pack(goal=world.goal, clearance=clearance)
    assert again == made
    assert Deliverable.objects.count() == 1
    found, path = selectors.deliverable_file(goal=world.goal)
    assert found == made
    verdict = verify(path)
    assert verdict.first_problem == ""
    assert verdict.counted["workspace_files"] == 4
    assert path.stat().st_size == made.size
    assert sorted(path.parent.iterdir()) == [path]


def test_it_tells_the_story_of_the_goal(world: World) -> None:
    clearance = cleared(world)
    services.deliverable_pack(goal=world.goal, clearance=clearance)
    _, path = selectors.deliverable_file(goal=world.goal)
    with zipfile.ZipFile(path) as archive:
        names = set(archive.namelist())

        def read(name: str) -> Any:
            return json.loads(archive.read(name))

        assert archive.read("strategic_prompt.txt") == BRIEF
        gates = {gate["code"]: gate for gate in read("gates.json")["gates"]}
        assert [one["outcome"] for one in gates["QG-PHASE2"]["rounds"]] == ["changes_requested", "passed"]
        assert gates["QG-PHASE2"]["rounds"][0]["changes_requested"][0]["text"] == "Say why"
        assert len(gates["QG-PHASE7"]["rounds"][-1]["clearance"]["seats"]) == 2
        assert {"validation/QG-PHASE2-round-1.json", "validation/QG-PHASE2-round-2.json"} <= names
        origins = {row["path"]: row for row in read("provenance.json")["files"]}
        assert origins["strategic_prompt.txt"]["origin"] == "brief"
        assert origins["docs/größe.md"]["task"] == "requirements.analysis:Seeds"
        assert origins["docs/größe.md"]["agreed"] == [{"gate": "QG-PHASE1", "persons": ["owner"]}]
        assert read("plan.json")["tasks"][0]["key"] == "requirements.analysis:Seeds"
        assert read("resource_plan.json")["agents"][0]["attempts"] == 1
        assert read("metrics.json")["attempts"] == {"succeeded": 1}
        assert read("manifest.json")["clearance"] == str(clearance.pk)
        [packet] = [name for name in names if name.startswith("packets/")]
        assert packet.startswith("packets/requirements.analysis-seeds-")
        page = archive.read("report/summary.html").decode()
    assert "tests/test_seeds.py::T::test_add" in page
    assert "software can&#x27;t" in page
    assert "<b>all</b>" not in page


def test_without_clearance_8_nothing_is_packed(world: World) -> None:
    clearance = world.goal.clearances.get(phase=1)
    with pytest.raises(Conflict, match="clearance 8"):
        services.deliverable_pack(goal=world.goal, clearance=clearance)
    with pytest.raises(Conflict, match="QG-PHASE7"):
        selectors.deliverable_file(goal=world.goal)


def test_an_archive_that_does_not_verify_is_never_handed_over(
    world: World, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    clearance = cleared(world)
    monkeypatch.setattr("apps.delivery.records._seated", lambda gate: ["eve"])
    with pytest.raises(Conflict, match="disagree on who agreed"):
        services.deliverable_pack(goal=world.goal, clearance=clearance)
    assert not Deliverable.objects.exists()
    folder = Path(settings.VAR_DIR) / "deliverables" / str(world.goal.pk)
    assert list(folder.iterdir()) == []


def test_the_trial_manifest_and_report_are_there_before_the_end(world: World) -> None:
    manifest = package.trial(services.parts_for(world.goal))
    assert "workspace/docs/größe.md" in {row["path"] for row in manifest["files"]}
    page = selectors.report_html(goal=world.goal)
    assert "2 of 2 requirements are answered" in page
    assert "Fly" in selectors.report_markdown(goal=world.goal)


def test_pages_read_history_files_and_differences(world: World) -> None:
    history = selectors.workspace_history(goal=world.goal)
    assert [commit.subject.split()[0] for commit in history] == ["Accept", "Work", "Brief:"]
    page = selectors.artifact_page(goal=world.goal, path="docs/größe.md")
    assert "<script>" not in page.rendered.html
    assert page.origin is not None
    assert page.origin.task == Task.objects.get()
    assert selectors.artifact_page(goal=world.goal, path="strategic_prompt.txt").origin is None
    assert selectors.artifact_content(goal=world.goal, path="docs/größe.md") == EVIL
    difference = selectors.workspace_difference(goal=world.goal, old=history[-1].oid, new=history[0].oid)
    assert {file.status for file in difference.files} == {"added"}
    assert list(selectors.workspace_tree(goal=world.goal, commit=history[-1].oid)) == ["strategic_prompt.txt"]


@pytest.mark.parametrize("path", ["none", "../evil", "", "docs", "a\x00"])
def test_what_is_not_there_has_words(world: World, path: str) -> None:
    for call in (selectors.artifact_page, selectors.artifact_content):
        with pytest.raises(NotThere):
            call(goal=world.goal, path=path)
    with pytest.raises(NotThere):
        selectors.workspace_tree(goal=world.goal, commit="0" * 40)
    with pytest.raises(NotThere):
        selectors.workspace_difference(goal=world.goal, old=None, new="main")


def test_a_goal_that_was_never_started_has_an_empty_workspace(settings: Any, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path
    goal = factories.goal()
    assert selectors.workspace_history(goal=goal) == []
    assert selectors.workspace_tree(goal=goal) == {}
    with pytest.raises(Conflict, match="never started"):
        services.parts_for(goal)
