"""The whole story: a person writes what they want, agents work, people decide seven gates, and the zip is in hand."""

import io
import subprocess
import sys
import zipfile
from pathlib import Path

from tests.flows.people import GATES, PersonAtWork

PROJECT = Path(__file__).resolve().parents[2]
BRIEF = """Our reading circle needs a small web application.

- add a book with a title and an author
- list all books
- delete a book

A book has a title and an author.
"""


def test_a_goal_becomes_a_verified_deliverable(ada: PersonAtWork, tmp_path: Path) -> None:
    # Ada writes what the circle wants. The hub explores approaches and proposes a plan; nothing runs yet.
    goal = ada.submits("Reading circle", BRIEF)
    ada.waits_for_goal(goal, "proposed")
    approaches = ada.get(f"/goals/{goal}/approaches")["items"]
    assert len(approaches) >= 3
    assert len({approach["name"] for approach in approaches}) == len(approaches)
    assert not any(task["status"] != "blocked" for task in ada.get(f"/goals/{goal}/tasks")["items"])

    # She starts the plan. Each phase's tasks run, and each gate stops until she has decided.
    ada.post(f"/goals/{goal}/start")
    for code in GATES:
        gate = ada.approves_as_it_opens(goal, code)
        assert gate["evidence_digest"]
        later = [row for row in ada.get(f"/gates?goal={goal}")["items"] if row["code"] > code]
        assert all(row["status"] == "pending" for row in later), "nothing of a later phase began before this decision"

    # The deliverable is there, and anybody can check it without this installation.
    ada.waits_for_goal(goal, "delivered")
    body = ada.downloads(goal)
    file = tmp_path / "final_deliverable.zip"
    file.write_bytes(body)
    done = subprocess.run(
        [sys.executable, "manage.py", "verify_deliverable", str(file)], cwd=PROJECT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        assert archive.read("strategic_prompt.txt") == BRIEF.encode()
        assert any(name.startswith("workspace/tests/") for name in archive.namelist())

    # Ada is content.
    assert ada.post(f"/goals/{goal}/accept")["status"] == "accepted"
