"""``make smoke``: a brief that is in no test, from a person's session to a verified zip, on a running server.

Environment: ``SMOKE_URL`` (default: localhost and ``PORT``), ``ADMIN_USERNAME``, ``ADMIN_PASSWORD`` (default: the file
that the first start left in ``VAR_DIR``), ``SMOKE_SECONDS``. Exits with 1 when anything is missing.
"""

import json
import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from tests.support.client import PersonSession, Refused, Unreachable, admin_of
from tests.support.story import Story, StoryFailed

ROOT = Path(__file__).resolve().parents[2]
TITLE = "Tool library for the allotment society"
BRIEF = """Our allotment society lends garden tools to its members. We want a small web application for it.

Members can:
- add a tool with a name, a condition and a place
- list all tools
- search tools by name
- mark a tool as lent
- delete a tool that is broken

A tool has a name, a condition and a place. The application must work without the internet.
Personal data must not be stored. It should answer within a second.
"""
GATES = [f"QG-PHASE{number}" for number in range(1, 8)]
PROMISED = (
    "strategic_prompt.txt",
    "manifest.json",
    "plan.json",
    "resource_plan.json",
    "gates.json",
    "metrics.json",
    "report/summary.html",
    "report/summary.md",
)


def main() -> int:
    base = os.environ.get("SMOKE_URL") or f"http://localhost:{os.environ.get('PORT', '8000')}"
    try:
        problems = smoke(base)
    except (Refused, Unreachable, StoryFailed, OSError) as error:
        problems = [str(error)]
    for problem in problems:
        print(f"MISSING  {problem}")
    print("smoke: failed" if problems else "smoke: the deliverable is complete and verified")
    return 1 if problems else 0


def smoke(base: str) -> list[str]:
    """What is missing, in words; empty when all is there."""
    session = PersonSession(base)
    session.sign_in(*admin_of(Path(os.environ.get("VAR_DIR", ROOT / "var"))))
    goal = session.post("/goals", {"title": TITLE, "brief": BRIEF, "constraints": {}, "start": True})
    print(f"submitted {goal['id']}: {goal['title']}")
    story = Story(session, goal["id"], print, float(os.environ.get("SMOKE_SECONDS", "900")))
    final = story.follow()
    problems = _story_problems(story, final)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "final_deliverable.zip"
        file.write_bytes(session.raw("GET", f"/goals/{goal['id']}/deliverable"))
        problems += _zip_problems(file)
    accepted = session.post(f"/goals/{goal['id']}/accept")
    if accepted["status"] != "accepted":
        problems.append(f"the goal is {accepted['status']} after it was accepted")
    return problems


def _story_problems(story: Story, final: dict[str, Any]) -> list[str]:
    problems = []
    if final["status"] != "delivered":
        problems.append(f"the goal is {final['status']}, not delivered: {final.get('failure', '')}")
    problems += [f"nobody could approve {code}" for code in GATES if code not in story.gates_passed]
    kinds = {event["type"] for event in story.events}
    wanted = ("task.started", "task.completed", "gate.open", "gate.passed", "goal.delivered")
    problems += [f"no event {kind}" for kind in wanted if kind not in kinds]
    return problems


def _zip_problems(file: Path) -> list[str]:
    with zipfile.ZipFile(file) as archive:
        names = set(archive.namelist())
        problems = [f"{name} is not in the deliverable" for name in PROMISED if name not in names]
        if "strategic_prompt.txt" in names and archive.read("strategic_prompt.txt") != BRIEF.encode():
            problems.append("strategic_prompt.txt is not the brief byte for byte")
        if "gates.json" in names:
            text = json.dumps(json.loads(archive.read("gates.json")))
            problems += [f"{code} is not in the gate record" for code in GATES if code not in text]
    if not any(name.startswith("packets/") for name in names):
        problems.append("no packet is in the deliverable")
    if not any(name.startswith("validation/") for name in names):
        problems.append("no validation report is in the deliverable")
    verified = subprocess.run(
        [sys.executable, "manage.py", "verify_deliverable", str(file)], cwd=ROOT, capture_output=True, text=True
    )
    print(verified.stdout.strip())
    if verified.returncode:
        problems.append(f"it can't be verified: {verified.stdout} {verified.stderr}".strip())
    return problems


if __name__ == "__main__":
    sys.exit(main())
