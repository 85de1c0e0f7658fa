"""An edited plan is worked through to its deliverable: what people added and split is done like everything else."""

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

from tests.flows.people import GATES, PersonAtWork

PROJECT = Path(__file__).resolve().parents[2]
BRIEF = """The chess club needs a command-line tool.

- add a player with a name and a rating

A player has a name and a rating.
"""
GLOSSARY = "docs/glossary.md"
CRITERION = "Rating and name of a player are each explained in one sentence."


def test_an_edited_plan_becomes_a_deliverable(ada: PersonAtWork, tmp_path: Path) -> None:
    goal = ada.submits("Chess club", BRIEF)
    ada.waits_for_goal(goal, "proposed")
    proposed = ada.get(f"/goals/{goal}/plan")

    # Ada drafts. She adds a task that no method has, and one that turns out to be too much.
    draft = ada.post(f"/plans/{proposed['id']}/drafts", why="The trainers want to read about it.")
    feature, runbook = (_doing(draft, capability) for capability in ("backend.feature", "deployment.runbook"))
    draft = _edits(ada, draft, kind="add", **_added("Explain the words", GLOSSARY, [CRITERION], "writing.section"))
    extra = _added("Write a song", "docs/song.txt", ["It rhymes."], "deployment.runbook")
    draft = _edits(ada, draft, kind="add", **extra)
    glossary, song = (_making(draft, path) for path in (GLOSSARY, "docs/song.txt"))
    draft = _edits(ada, draft, kind="remove", task=song["key"])

    # What some task writes already, no other can promise.
    twice = _added("List what is missing", "docs/not-built.md", ["It is complete."], "writing.section")
    assert "would both make docs/not-built.md" in _edits(ada, draft, expect=422, kind="add", **twice)["detail"]

    # The feature is split: one part makes its module, the other its tests.
    module, test = feature["produces"]
    parts = [{"title": "Add a player", "produces": [module]}, {"title": "Test adding", "produces": [test]}]
    draft = _edits(ada, draft, kind="split", task=feature["key"], parts=parts)

    # The glossary comes after both, though it needs nothing of them; it takes longer, and is seen otherwise.
    second = _making(draft, test)
    draft = _edits(ada, draft, kind="order", before=second["key"], after=glossary["key"])
    draft = _edits(ada, draft, kind="change", task=glossary["key"], optimistic=2, likely=3, pessimistic=9)
    accepted = "Everybody on duty finds it in a minute."
    draft = _edits(ada, draft, kind="change", task=runbook["key"], acceptance=[accepted])
    assert len(draft["draft"]["tasks"]) == len(proposed["tasks"]) + 2

    # She proposes and starts it, and decides all seven gates.
    plan = ada.post(f"/plans/{draft['id']}/propose", edition=draft["edition"])
    ada.post(f"/goals/{goal}/start")
    for code in GATES:
        ada.approves_as_it_opens(goal, code)
    ada.waits_for_goal(goal, "delivered")

    # Each task that she shaped was done in one attempt, in the order that she wanted, and made what it promised.
    done = {task["key"]: ada.get(f"/tasks/{task['id']}") for task in plan["tasks"]}
    assert {task["status"] for task in done.values()} == {"completed"}
    shaped = [done[_making(draft, path)["key"]] for path in (module, test, GLOSSARY)]
    assert [len(task["attempts"]) for task in shaped] == [1, 1, 1]
    times = [task["attempts"][0] for task in shaped]
    assert times[0]["finished_at"] <= times[1]["dispatched_at"] <= times[1]["finished_at"] <= times[2]["dispatched_at"]
    made = {row["path"]: row["task"] for row in ada.get(f"/goals/{goal}/artifacts?limit=200")["items"]}
    assert [made[path] for path in (module, test, GLOSSARY)] == [task["id"] for task in shaped]
    assert done[runbook["key"]]["acceptance"] == [accepted]

    # The deliverable verifies without this installation, and has what was added; the order stands in its plan.
    file = tmp_path / "final_deliverable.zip"
    file.write_bytes(ada.downloads(goal))
    checked = subprocess.run(
        [sys.executable, "manage.py", "verify_deliverable", str(file)], cwd=PROJECT, capture_output=True, text=True
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
    with zipfile.ZipFile(io.BytesIO(file.read_bytes())) as archive:
        text = archive.read(f"workspace/{GLOSSARY}").decode()
        assert "Explain the words" in text
        assert CRITERION in text.partition("## Not built")[2]
        assert "A player has a name and a rating." in text
        assert not any("song" in name for name in archive.namelist())
        kept = json.loads(next(archive.read(name) for name in archive.namelist() if name.endswith("plan.json")))
        order = {"producer": second["key"], "consumer": glossary["key"], "artifact": ""}
        assert order in kept["edges"]
    assert ada.post(f"/goals/{goal}/accept")["status"] == "accepted"


def _edits(person: PersonAtWork, draft: Any, *, expect: int = 200, **operation: Any) -> Any:
    return person.post(f"/plans/{draft['id']}/edits", expect=expect, edition=draft["edition"], operation=operation)


def _added(title: str, path: str, acceptance: list[str], capability: str) -> dict[str, Any]:
    points = {"optimistic": 1, "likely": 2, "pessimistic": 4}
    words = {"title": title, "capability": capability, "produces": [path], "acceptance": acceptance}
    return {"phase": 4, "description": f"{title}, for the chess club's trainers.", **words, **points}


def _doing(draft: Any, capability: str) -> Any:
    return next(task for task in draft["draft"]["tasks"] if task["capability"] == capability)


def _making(draft: Any, path: str) -> Any:
    return next(task for task in draft["draft"]["tasks"] if path in task["produces"])
