"""Files are known by their content; of each path one artifact is in force."""

import hashlib

import pytest
from django.db import IntegrityError, transaction

from apps.goals.models import Goal
from apps.tasks.models import Artifact, Blob, Plan
from apps.tasks.services.files import artifacts_accept, blobs_store, contents_of, current_tree, tree_store
from tests import factories
from tests.concurrency import together


def accept(goal: Goal, *deleted: str, **files: bytes) -> set[str]:
    changed = tree_store(tree=files)
    return artifacts_accept(goal_id=goal.pk, attempt=None, changed=changed, deleted=deleted)


def test_a_content_is_stored_once_and_named_by_its_digest(db: None) -> None:
    digests = blobs_store(contents=[b"one", b"two", b"one", b"", b"\x00\xff"])
    assert digests == [hashlib.sha256(content).hexdigest() for content in (b"one", b"two", b"one", b"", b"\x00\xff")]
    assert blobs_store(contents=[b"two"]) == [digests[1]]
    assert Blob.objects.count() == 4
    assert contents_of([digests[4], digests[0], "0" * 64]) == {digests[4]: b"\x00\xff", digests[0]: b"one"}
    assert Blob.objects.get(pk=digests[0]).size == 3


@pytest.mark.django_db(transaction=True)
def test_two_who_store_the_same_contents_in_another_order_do_not_wait_for_each_other() -> None:
    contents = [str(number).encode() for number in range(200)]
    first, second = together(
        lambda: blobs_store(contents=contents), lambda: blobs_store(contents=list(reversed(contents)))
    )
    assert first == second[::-1]
    assert Blob.objects.count() == 200


def test_what_is_accepted_is_in_force_and_what_it_replaces_is_kept(db: None) -> None:
    goal = factories.goal()
    assert accept(goal, a=b"1", b=b"1") == {"a", "b"}
    assert accept(goal, a=b"2", b=b"1") == {"a"}
    assert current_tree(goal.pk) == tree_store(tree={"a": b"2", "b": b"1"})
    assert Artifact.objects.filter(goal=goal, path="a").count() == 2
    assert Artifact.objects.filter(goal=goal, path="b").count() == 1


def test_what_is_deleted_is_no_longer_in_force_and_can_come_back(db: None) -> None:
    goal = factories.goal()
    accept(goal, a=b"1")
    assert accept(goal, "a", "never") == {"a"}
    assert current_tree(goal.pk) == {}
    assert accept(goal, a=b"1") == {"a"}
    assert list(current_tree(goal.pk)) == ["a"]


def test_each_goal_has_files_of_its_own(db: None) -> None:
    first, second = factories.goal(), factories.goal()
    accept(first, a=b"1")
    assert current_tree(second.pk) == {}
    accept(second, a=b"2")
    assert current_tree(first.pk) == tree_store(tree={"a": b"1"})


def test_an_artifact_says_who_made_it_and_how_large_it_is(plan: Plan) -> None:
    attempt = factories.attempt(factories.task(plan, status="merging"), status="succeeded")
    changed = tree_store(tree={"docs/ü.md": "größer".encode()})
    artifacts_accept(goal_id=plan.goal_id, attempt=attempt, changed=changed, deleted=())
    made = Artifact.objects.get(goal=plan.goal)
    assert (made.attempt_id, made.task_id, made.path, made.size) == (attempt.pk, attempt.task_id, "docs/ü.md", 8)


def test_the_database_allows_one_artifact_in_force_for_each_path(db: None) -> None:
    goal = factories.goal()
    accept(goal, a=b"1")
    row = Artifact.objects.get(goal=goal)
    with pytest.raises(IntegrityError, match="one_current_artifact_per_path"), transaction.atomic():
        Artifact.objects.create(goal=goal, path="a", sha256="0" * 64, size=1, at=row.at)
