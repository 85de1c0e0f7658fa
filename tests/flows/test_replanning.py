"""Plans change while people work: something is added in the middle, and a goal starts with what another has left."""

import base64
import io
import zipfile
from typing import Any

from apps.tasks.services.files import contents_of, current_tree
from tests.flows.people import GATES, PersonAtWork
from tests.support.waiting import wait_until

BRIEF = """Our reading circle needs a small web application.

- add a book with a title and an author
- list all books

A book has a title and an author.
"""


def test_something_is_added_while_the_goal_runs(ada: PersonAtWork) -> None:
    # The goal runs, and the first three gates have passed.
    goal = ada.submits("Reading circle", BRIEF)
    ada.waits_for_goal(goal, "proposed")
    ada.post(f"/goals/{goal}/start")
    for code in GATES[:3]:
        ada.approves_as_it_opens(goal, code)
    ada.waits_for_gate(goal, "QG-PHASE4")
    before = _work(ada, goal)

    # Ada adds a sentence. The goal runs on, and a draft comes back with what it would change.
    ada.post(f"/goals/{goal}/replan", why="They forgot.", addition="A reader deletes a book.")
    draft = wait_until(lambda: _draft(ada, goal), seconds=60, what="the draft")
    assert ada.get(f"/goals/{goal}")["status"] == "running"
    seen = ada.get(f"/plans/{draft}/activation")
    added = {row["key"] for row in seen["difference"]["added"]}
    assert added
    assert all("delete" in key for key in added)
    assert [one["phase"] for one in seen["revoked"]] == [2, 3, 4], "the brief is read in phase 1, whose gate had passed"
    assert ada.get(f"/plans/{draft}")["status"] == "draft"

    # She activates it. What is not concerned is not done again, and every gate has to pass with the new plan.
    ada.post(f"/plans/{draft}/activate", digest=seen["digest"])
    assert ada.get(f"/goals/{goal}")["status"] == "running"
    for code in GATES:
        ada.approves_as_it_opens(goal, code)
    ada.waits_for_goal(goal, "delivered")
    after = _work(ada, goal)
    assert set(after) == set(before) | added
    assert all(after[key] == id for key, id in before.items()), "the tasks are the same ones, with their history"

    # The deliverable has the brief as it was, the addition beside it, and what it asked for.
    with zipfile.ZipFile(io.BytesIO(ada.downloads(goal))) as archive:
        names = archive.namelist()
        assert archive.read("strategic_prompt.txt") == BRIEF.encode()
        assert archive.read("strategic_prompt_additions/2.txt") == b"A reader deletes a book."
        assert any("delete" in name and name.startswith("workspace/service/features/") for name in names)


def test_a_goal_starts_in_phase_4_with_what_another_has_left(ada: PersonAtWork) -> None:
    # A first goal comes as far as its third gate; that is what the second one is given.
    first = ada.submits("Reading circle", BRIEF)
    ada.waits_for_goal(first, "proposed")
    ada.post(f"/goals/{first}/start")
    for code in GATES[:3]:
        ada.approves_as_it_opens(first, code)
    ada.post(f"/goals/{first}/cancel")
    supplied = _files(first)

    # Without them nothing can start in phase 4, and the goal says what is missing.
    goal = ada.submits("Reading circle, built anew", BRIEF)
    ada.waits_for_goal(goal, "proposed")
    some = [one for one in supplied if one["path"] != "contract/openapi.json"]
    ada.post(f"/goals/{goal}/supplied", first_phase=4, files=some)
    assert "contract/openapi.json" in ada.waits_for_goal(goal, "failed")["failure"]
    ada.post(f"/goals/{goal}/supplied", files=[one for one in supplied if one not in some])
    ada.waits_for_goal(goal, "proposed")
    assert {row["phase"] for row in ada.get(f"/goals/{goal}/tasks")["items"]} == {4, 5, 6, 7}

    # The gates of the supplied phases open in turn; nothing begins before people have decided on what was supplied.
    ada.post(f"/goals/{goal}/start")
    for code in GATES[:3]:
        gate = ada.waits_for_gate(goal, code)
        work = [row for row in ada.get(f"/goals/{goal}/tasks")["items"] if row["kind"] == "work"]
        assert {row["status"] for row in work} == {"blocked"}
        ada.votes(gate, "approve", comment="As it was before.")
    for code in GATES[3:]:
        ada.approves_as_it_opens(goal, code)
    ada.waits_for_goal(goal, "delivered")
    with zipfile.ZipFile(io.BytesIO(ada.downloads(goal))) as archive:
        assert "workspace/contract/openapi.json" in archive.namelist()


def _work(ada: PersonAtWork, goal: str) -> dict[str, str]:
    """The work of the plan that runs: ids by key. Reviews belong to rounds."""
    rows = ada.get(f"/goals/{goal}/tasks?limit=200")["items"]
    return {row["key"]: row["id"] for row in rows if row["kind"] == "work"}


def _draft(ada: PersonAtWork, goal: str) -> str | None:
    found = [row for row in ada.get(f"/goals/{goal}/drafts")["items"] if row["status"] == "draft"]
    return str(found[0]["id"]) if found else None


def _files(goal: str) -> list[dict[str, Any]]:
    tree = {path: digest for path, digest in current_tree(goal).items() if path != "strategic_prompt.txt"}  # type: ignore[arg-type]
    contents = contents_of(tree.values())
    return [
        {"path": path, "content": base64.b64encode(contents[digest]).decode()}
        for path, digest in tree.items()
        if not path.startswith("reviews/")
    ]
