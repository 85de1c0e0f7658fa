"""One goal followed from the brief to the deliverable, as a person at the API would: used by smoke and fault rounds."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.support.client import PersonSession, Refused, Unreachable

FINAL = {"delivered", "accepted", "failed", "cancelled"}


class StoryFailed(Exception):
    """The goal did not get where it should; the message says how far it came."""


@dataclass
class Story:
    """Watches a goal, approves each gate as it opens, and collects what happened."""

    session: PersonSession
    goal: str
    tell: Callable[[str], None]
    seconds: float = 600
    events: list[dict[str, Any]] = field(default_factory=list)
    gates_passed: list[str] = field(default_factory=list)
    _voted: set[tuple[str, int]] = field(default_factory=set)

    def follow(self) -> dict[str, Any]:
        """Until the goal is final. Raises ``StoryFailed`` when the time is over."""
        ends = time.monotonic() + self.seconds
        goal: dict[str, Any] = {"status": "unknown"}
        waiter = _Waiter()
        while time.monotonic() < ends:
            try:
                self._hear()
                goal = self.session.get(f"/goals/{self.goal}")
                if goal["status"] in FINAL:
                    self._hear()
                    return goal
                self.approve_open_gates()
            except Unreachable as error:
                self.tell(f"… the server does not answer ({error}); trying again")
            waiter.pause()
        raise StoryFailed(f"after {self.seconds:g} s the goal is {goal['status']}")

    def _hear(self) -> None:
        after = self.events[-1]["seq"] if self.events else 0
        for event in self.session.get(f"/goals/{self.goal}/events?after={after}")["items"]:
            if event["seq"] != after + 1:
                raise StoryFailed(f"event {after + 1} is missing: the next is {event['seq']}")
            after = event["seq"]
            self.events.append(event)
            self.tell(f"{event['seq']:5d}  {event['type']:<28} {event['subject']}  {event['actor']['name']}")

    def approve_open_gates(self) -> None:
        """Approve what is open now; where requirements wait for a tick, tick them: a new round follows."""
        for listed in self.session.get(f"/gates?goal={self.goal}&status=open")["items"]:
            gate = self.session.get(f"/gates/{listed['id']}")
            turn = (gate["code"], gate["round"])
            if gate["status"] != "open" or turn in self._voted:
                continue
            if self._tick_manual_requirements(gate):
                continue
            self._approve(gate)
            self._voted.add(turn)

    def _tick_manual_requirements(self, gate: dict[str, Any]) -> bool:
        """At QG-PHASE6 a person ticks what no test can show. True when something was ticked: a new round follows."""
        if gate["code"] != "QG-PHASE6":
            return False
        rows = self.session.get(f"/goals/{self.goal}/requirements")["items"]
        open_rows = [row for row in rows if row["kind"] == "manual" and not row["ticked_at"]]
        for row in open_rows:
            self.session.post(f"/goals/{self.goal}/requirements/{row['number']}/tick", {"ticked": True})
            self.tell(f"       ticked requirement {row['number']}: {row['text'][:70]}")
        return bool(open_rows)

    def _approve(self, gate: dict[str, Any]) -> None:
        failing = [check for check in gate["checks"] if check["blocking"] and check["result"] != "passed"]
        if failing:
            words = "; ".join(f"{check['name']}: {check['sentence']}" for check in failing)
            raise StoryFailed(f"{gate['code']} can't be approved: {words}")
        vote = {"verdict": "approve", "comment": "Seen and agreed.", "evidence_digest": gate["evidence_digest"]}
        try:
            self.session.post(f"/gates/{gate['id']}/votes", vote)
        except Refused as error:
            if error.status == 409:
                # Somebody or something was first: the next look shows it.
                return
            raise
        self.gates_passed.append(gate["code"])
        self.tell(f"       approved {gate['code']}, round {gate['round']}")


class _Waiter:
    """Looks often while things happen; a public client has no other way to wait than to ask again."""

    def __init__(self, interval: float = 0.25) -> None:
        self._interval = interval

    def pause(self) -> None:
        import threading

        threading.Event().wait(self._interval)
