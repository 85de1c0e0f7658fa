"""``make faults``: harm everything in the middle of a goal; the goal still ends, nothing is lost or doubled.

Each fault strikes when the goal has come so far that work is under way, and the next one only after new work has been
completed. At the end the deliverable is verified, no event is missing, no task was completed twice in one revision, and
no slot is held.
"""

import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import redis

from tests.support.client import PersonSession, Refused, Unreachable, admin_of
from tests.support.installation import ROOT, Installation, installation
from tests.support.story import Story, StoryFailed

LEASE_SECONDS = 5
BRIEF = """We need a web application for a community library.

- add a book with a title, an author and a year
- list all books
- search books by author
- update a book
- delete a book
- add a member with a name and an address
- list all members
- add a loan with a book, a member and a date
- list all loans

A book has a title, an author and a year. A member has a name and an address. A loan has a book, a member and a date.
"""


def _kill(name: str) -> Callable[[Installation], None]:
    return lambda target: target.harm(name, signal.SIGKILL)


def _flush(target: Installation) -> None:
    redis.Redis.from_url(_plain(target.addresses()["REDIS_URL"])).flushall()


def _plain(url: str) -> str:
    return url.replace("redis+socket://", "unix://").replace("virtual_host=", "db=")


def _restart_database(target: Installation) -> None:
    target.harm("postgres", signal.SIGQUIT)


def _freeze(target: Installation) -> None:
    """Stop the agents' worker for longer than its leases, then let it go on: what it brings late is fenced."""
    process = target.find("worker-agents")
    process.send_signal(signal.SIGSTOP)
    threading.Timer(LEASE_SECONDS * 2.5, process.send_signal, [signal.SIGCONT]).start()


FAULTS: list[tuple[str, Callable[[Installation], None]]] = [
    ("kill -9 of the agents' worker", _kill("worker-agents")),
    ("kill -9 of web", _kill("web")),
    ("kill -9 of the sweeper", _kill("sweeper")),
    ("FLUSHALL", _flush),
    ("immediate database restart", _restart_database),
    ("kill -9 of the hub's worker", _kill("worker-hub")),
    ("kill -9 of the planning worker", _kill("worker-plan")),
    ("SIGSTOP of the agents' worker past the lease", _freeze),
    ("kill -9 of Redis", _kill("redis")),
]


@dataclass
class Saboteur:
    """Strikes while work is under way: at every third task that starts."""

    target: Installation
    left: list[tuple[str, Callable[[Installation], None]]] = field(default_factory=lambda: list(FAULTS))
    struck: list[str] = field(default_factory=list)
    started: int = 0

    def hear(self, line: str) -> None:
        print(line)
        if "task.started" not in line:
            return
        self.started += 1
        if self.left and self.started % 3 == 2:
            name, strike = self.left.pop(0)
            try:
                strike(self.target)
            except LookupError as error:
                self.left.insert(0, (name, strike))
                print(f"!!!!!  {name} comes later: {error}")
                return
            self.struck.append(name)
            print(f"!!!!!  {name}")


def main() -> int:
    folder = Path(tempfile.mkdtemp(prefix="cp-faults-"))
    try:
        with installation(folder / "var") as target:
            problems = _round(target)
    except (Refused, Unreachable, StoryFailed, RuntimeError) as error:
        problems = [str(error)]
        _show_logs(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    for problem in problems:
        print(f"BROKEN  {problem}")
    print(
        "faults: failed"
        if problems
        else f"faults: {len(FAULTS)} struck, the goal was delivered, nothing lost or doubled"
    )
    return 1 if problems else 0


def _show_logs(folder: Path) -> None:
    for log in sorted((folder / "var" / "logs").glob("*.log")):
        print(f"--- {log.name}\n" + "\n".join(log.read_text(errors="replace").splitlines()[-25:]))


def _round(target: Installation) -> list[str]:
    session = PersonSession(target.base)
    session.sign_in(*admin_of(target.var_dir))
    session.raw("PATCH", "/pool", b'{"lease_seconds": %d}' % LEASE_SECONDS)
    goal = session.post("/goals", {"title": "Library under fire", "brief": BRIEF, "constraints": {}, "start": True})
    saboteur = Saboteur(target)
    story = Story(session, goal["id"], saboteur.hear, seconds=900)
    final = story.follow()
    problems = [] if final["status"] == "delivered" else [f"the goal is {final['status']}: {final.get('failure', '')}"]
    problems += [f"{name} could not strike: the goal was too short" for name, _ in saboteur.left]
    problems += _doubled(story)
    pool = session.get("/pool")
    held = pool["slots"] - pool["free"]
    if held:
        problems.append(f"{held} slots are still held")
    return problems + _unverified(session, goal["id"])


def _doubled(story: Story) -> list[str]:
    """Tasks completed more often than they were reopened plus one."""
    completed = Counter(event["subject"] for event in story.events if event["type"] == "task.completed")
    reopened = Counter(event["subject"] for event in story.events if event["type"] == "task.reopened")
    return [f"{task} was completed {count} times" for task, count in completed.items() if count > reopened[task] + 1]


def _unverified(session: PersonSession, goal: str) -> list[str]:
    with tempfile.NamedTemporaryFile(suffix=".zip") as file:
        file.write(session.raw("GET", f"/goals/{goal}/deliverable"))
        file.flush()
        done = subprocess.run(
            [sys.executable, "manage.py", "verify_deliverable", file.name], cwd=ROOT, capture_output=True, text=True
        )
    print(done.stdout.strip())
    return [] if done.returncode == 0 else [f"the deliverable can't be verified: {done.stdout} {done.stderr}"]


if __name__ == "__main__":
    sys.exit(main())
