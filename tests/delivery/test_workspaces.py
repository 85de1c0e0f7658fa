"""Merging into the workspace, with PostgreSQL as the truth and crashes at every step."""

import subprocess
from pathlib import Path
from typing import Any

import pytest

from apps.core import clock
from apps.delivery import workspaces
from apps.delivery.models import MergeIntent
from apps.delivery.repository import MAIN, Repository
from apps.delivery.workspaces import Accepted, Disturbed, Refused
from apps.goals.models import Brief, Goal
from apps.tasks.models import Artifact, Attempt
from apps.tasks.services.files import artifacts_accept, current_tree, tree_store
from tests import factories

pytestmark = pytest.mark.django_db
BRIEF = b"Keep my books.\r\nNo account.\n"


@pytest.fixture
def goal(settings: Any, tmp_path: Path) -> Goal:
    settings.VAR_DIR = tmp_path
    made = factories.started_plan().goal
    Brief.objects.create(goal=made, number=1, content=BRIEF, sha256="0" * 64, added_by=made.owner, added_at=clock.now())
    digest = workspaces.workspace_create(goal=made)
    artifacts_accept(goal_id=made.pk, attempt=None, changed={"strategic_prompt.txt": digest}, deleted=())
    Goal.objects.filter(pk=made.pk).update(head=workspaces.workspace_head(goal=made))
    made.refresh_from_db()
    return made


def finished(goal: Goal, files: dict[str, bytes], deleted: tuple[str, ...] = (), **fields: Any) -> Attempt:
    task = factories.task(goal.plans.get(), status="merging")
    result = {"changed": tree_store(tree=files), "deleted": list(deleted)}
    values = {"base": head_of(goal), "finished_at": clock.now(), **fields}
    return factories.attempt(task, status="succeeded", result=result, **values)


def complete(attempt: Attempt, outcome: Accepted) -> None:
    """What the hub does in one transaction once a result is merged."""
    result = attempt.result
    artifacts_accept(goal_id=attempt.goal_id, attempt=attempt, changed=result["changed"], deleted=result["deleted"])
    workspaces.merge_done(attempt=attempt)
    Goal.objects.filter(pk=attempt.goal_id).update(head=outcome.commit)


def merged(goal: Goal, files: dict[str, bytes], **fields: Any) -> str:
    attempt = finished(goal, files, **fields)
    outcome = workspaces.merge_attempt(attempt=attempt)
    assert isinstance(outcome, Accepted)
    complete(attempt, outcome)
    return outcome.commit


def head_of(goal: Goal) -> str:
    return Goal.objects.values_list("head", flat=True).get(pk=goal.pk)


def repository_of(goal: Goal) -> Repository:
    return workspaces.open_workspace(goal)


def test_the_first_commit_is_the_brief_byte_for_byte(goal: Goal) -> None:
    assert workspaces.workspace_files(goal=goal, commit=goal.head) == {"strategic_prompt.txt": BRIEF}
    again = workspaces.workspace_create(goal=goal)
    assert again == current_tree(goal.pk)["strategic_prompt.txt"]
    assert len(repository_of(goal).log()) == 1


def test_each_attempt_has_a_branch_and_is_merged(goal: Goal) -> None:
    attempt = finished(goal, {"a.py": b"1\n"})
    outcome = workspaces.merge_attempt(attempt=attempt)
    assert isinstance(outcome, Accepted)
    repository = repository_of(goal)
    branch = repository.ref(f"refs/heads/attempts/{attempt.pk}")
    assert branch is not None
    assert repository.commit_of(outcome.commit).parents == (goal.head, branch)
    assert f"Agent: {attempt.agent.slug}" in repository.commit_of(branch).body
    assert repository.ref(MAIN) == outcome.commit
    complete(attempt, outcome)
    assert MergeIntent.objects.get(attempt=attempt).done
    subprocess.run(["git", f"--git-dir={repository.path}", "fsck", "--strict"], check=True, capture_output=True)


def test_results_from_one_base_are_joined_and_disagreement_is_refused(goal: Goal) -> None:
    base = goal.head
    merged(goal, {"a.py": b"1\n"})
    merged(goal, {"b.py": b"2\n"}, base=base)
    assert set(workspaces.workspace_files(goal=goal, commit=head_of(goal))) == {"a.py", "b.py", "strategic_prompt.txt"}
    before = head_of(goal)
    refused = workspaces.merge_attempt(attempt=finished(goal, {"a.py": b"other\n"}, base=base))
    assert isinstance(refused, Refused)
    assert refused.paths == ("a.py",)
    assert "Both sides added" in refused.sentence
    assert repository_of(goal).ref(MAIN) == before


def test_a_path_that_leaves_is_refused_in_words(goal: Goal) -> None:
    refused = workspaces.merge_attempt(attempt=finished(goal, {"../evil": b"1"}))
    assert isinstance(refused, Refused)
    assert "leave the workspace" in refused.sentence


def test_content_that_was_never_stored_is_refused(goal: Goal) -> None:
    attempt = finished(goal, {"a": b"1"})
    attempt.result["changed"]["b"] = "0" * 64
    assert workspaces.merge_attempt(attempt=attempt) == Refused((), "The content of b was never stored.")


# -- crashes -----------------------------------------------------------------------------------------------------------


def test_after_the_reference_moved_the_same_merge_is_found_complete(goal: Goal) -> None:
    attempt = finished(goal, {"a.py": b"1\n"})
    first = workspaces.merge_attempt(attempt=attempt)
    assert workspaces.merge_attempt(attempt=attempt) == first
    assert len(repository_of(goal).log()) == 3


def test_with_the_intent_alone_the_move_is_made_again(goal: Goal, monkeypatch: pytest.MonkeyPatch) -> None:
    attempt = finished(goal, {"a.py": b"1\n"})
    whole = Repository.compare_and_swap

    def die(self: Repository, ref: str, new: str, old: str | None) -> bool:
        if ref == MAIN:
            raise KeyboardInterrupt
        return whole(self, ref, new, old)

    monkeypatch.setattr(Repository, "compare_and_swap", die)
    with pytest.raises(KeyboardInterrupt):
        workspaces.merge_attempt(attempt=attempt)
    assert repository_of(goal).ref(MAIN) == goal.head
    monkeypatch.undo()
    assert workspaces.merge_attempt(attempt=attempt) == Accepted(MergeIntent.objects.get(attempt=attempt).new)


def test_an_intent_without_its_objects_is_merged_again(goal: Goal) -> None:
    attempt = finished(goal, {"a.py": b"1\n"})
    MergeIntent.objects.create(attempt=attempt, goal=goal, old=goal.head, new="f" * 40, lease_until=clock.now())
    assert isinstance(workspaces.merge_attempt(attempt=attempt), Accepted)


def test_a_merge_that_nobody_recorded_does_not_slip_in_with_the_next(goal: Goal) -> None:
    workspaces.merge_attempt(attempt=finished(goal, {"ghost.py": b"1\n"}))  # its task was cancelled before it counted
    merged(goal, {"b.py": b"2\n"})
    assert set(workspaces.workspace_files(goal=goal, commit=head_of(goal))) == {"b.py", "strategic_prompt.txt"}
    assert any("never recorded" in commit.subject for commit in repository_of(goal).log())


def test_a_reference_that_moves_in_between_disturbs(goal: Goal, monkeypatch: pytest.MonkeyPatch) -> None:
    attempt = finished(goal, {"a.py": b"1\n"})
    whole = Repository.compare_and_swap
    monkeypatch.setattr(
        Repository, "compare_and_swap", lambda self, ref, new, old: ref != MAIN and whole(self, ref, new, old)
    )
    with pytest.raises(Disturbed):
        workspaces.merge_attempt(attempt=attempt)


# -- taking back -------------------------------------------------------------------------------------------------------


def test_taking_back_restores_tree_and_artifacts_without_losing_history(
    goal: Goal, django_capture_on_commit_callbacks: Any
) -> None:
    gate2 = merged(goal, {"a.py": b"1\n", "gone.py": b"x\n"})
    kept = current_tree(goal.pk)
    attempt = finished(goal, {"a.py": b"2\n", "b.py": b"3\n"}, deleted=("gone.py",))
    outcome = workspaces.merge_attempt(attempt=attempt)
    assert isinstance(outcome, Accepted)
    complete(attempt, outcome)
    assert current_tree(goal.pk) != kept
    with django_capture_on_commit_callbacks(execute=True):
        new = workspaces.workspace_take_back(goal=goal, to=gate2, why="QG-PHASE4 was rejected.")
    repository = repository_of(goal)
    assert (repository.ref(MAIN), workspaces.workspace_head(goal=goal)) == (new, new)
    assert repository.read_tree(new) == repository.read_tree(gate2)
    assert repository.contains(new, outcome.commit)
    assert current_tree(goal.pk) == kept
    assert Artifact.objects.get(goal=goal, path="a.py", current=True).attempt_id != attempt.pk


def test_a_taking_back_whose_process_died_is_followed_by_the_next_merge(goal: Goal) -> None:
    gate2 = merged(goal, {"a.py": b"1\n"})
    merged(goal, {"b.py": b"2\n"})
    new = workspaces.workspace_take_back(goal=goal, to=gate2, why="Rejected.")  # its on_commit never runs
    assert repository_of(goal).ref(MAIN) != new
    merged(goal, {"c.py": b"3\n"})
    assert set(workspaces.workspace_files(goal=goal, commit=head_of(goal))) == {"a.py", "c.py", "strategic_prompt.txt"}


def test_a_merge_does_not_overwrite_a_taking_back(goal: Goal) -> None:
    start = goal.head
    merged(goal, {"a.py": b"1\n"})
    attempt = finished(goal, {"b.py": b"2\n"})
    assert isinstance(workspaces.merge_attempt(attempt=attempt), Accepted)
    new = workspaces.workspace_take_back(goal=goal, to=start, why="Rejected.")
    with pytest.raises(Disturbed, match="taken back"):
        workspaces.merge_done(attempt=attempt)
    assert head_of(goal) == new
    head = workspaces.workspace_reconcile(goal=goal)
    assert set(workspaces.workspace_files(goal=goal, commit=head)) == {"strategic_prompt.txt"}
