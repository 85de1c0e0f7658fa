"""A person who works through the public API, with a session of their own. The stories read like what they do."""

import json
from dataclasses import dataclass
from typing import Any

from django.test import Client

from apps.accounts.models import Group, Person
from tests.support.waiting import wait_until

GATES = [f"QG-PHASE{phase}" for phase in range(1, 8)]
PASSWORD = "correct horse battery staple"


@dataclass
class PersonAtWork:
    """Signed in; every call goes through HTTP as a browser's would."""

    person: Person
    client: Client

    @classmethod
    def arrives(cls, name: str, *, role: str) -> "PersonAtWork":
        person = Person.objects.create_user(name, password=PASSWORD, role=role, is_staff=role == "admin")
        person.seat_groups.set(Group.objects.all())
        client = Client()
        signed_in = cls(person, client)
        signed_in.post("/session", username=name, password=PASSWORD)
        return signed_in

    def get(self, path: str) -> Any:
        answer = self.client.get(f"/api/v1{path}")
        assert answer.status_code == 200, answer.content
        return answer.json()

    def post(self, path: str, *, expect: int | tuple[int, ...] = (200, 201), **body: Any) -> Any:
        answer = self.client.post(f"/api/v1{path}", json.dumps(body), content_type="application/json")
        expected = (expect,) if isinstance(expect, int) else expect
        assert answer.status_code in expected, f"{path}: {answer.status_code} {answer.content.decode()[:800]}"
        return answer.json() if answer.content else None

    # -- what people do -------------------------------------------------------------------------------------------

    def submits(self, title: str, brief: str, *, start: bool = False, **constraints: Any) -> str:
        goal: str = self.post("/goals", title=title, brief=brief, constraints=constraints, start=start)["id"]
        return goal

    def waits_for_goal(self, goal: str, *statuses: str, seconds: float = 120) -> Any:
        def look() -> Any:
            seen = self.get(f"/goals/{goal}")
            return seen if seen["status"] in statuses else None

        return wait_until(look, seconds=seconds, what=f"the goal to be {' or '.join(statuses)}")

    def waits_for_round(self, goal: str, code: str, number: int, *, seconds: float = 120) -> Any:
        """The gate, open in this round."""

        def look() -> Any:
            gate = self.waits_for_gate(goal, code, seconds=seconds)
            return gate if gate["round"] >= number else None

        return wait_until(look, seconds=seconds, what=f"{code} to be open in round {number}")

    def waits_for_gate(self, goal: str, code: str, *, status: str = "open", seconds: float = 120) -> Any:
        def look() -> Any:
            for row in self.get(f"/gates?goal={goal}&status={status}")["items"]:
                if row["code"] == code:
                    return self.get(f"/gates/{row['id']}")
            return None

        return wait_until(look, seconds=seconds, what=f"{code} to be {status}")

    def votes(self, gate: Any, verdict: str, *, expect: int | tuple[int, ...] = (200, 201), **more: Any) -> Any:
        return self.post(
            f"/gates/{gate['id']}/votes",
            expect=expect,
            verdict=verdict,
            evidence_digest=gate["evidence_digest"],
            **more,
        )

    def downloads(self, goal: str) -> bytes:
        answer: Any = self.client.get(f"/api/v1/goals/{goal}/deliverable")
        assert answer.status_code == 200, answer.content
        return b"".join(answer.streaming_content) if answer.streaming else answer.content

    def ticks_manual_requirements(self, goal: str) -> int:
        """Says of each requirement that no test can show that they have seen it hold."""
        rows = self.get(f"/goals/{goal}/requirements")["items"]
        manual = [row for row in rows if row["kind"] == "manual" and not row["ticked_at"]]
        for row in manual:
            self.post(f"/goals/{goal}/requirements/{row['number']}/tick", ticked=True)
        return len(manual)

    def approves_as_it_opens(self, goal: str, code: str) -> Any:
        gate = self.waits_for_gate(goal, code)
        if code == "QG-PHASE6" and self.ticks_manual_requirements(goal):
            gate = self.waits_for_round(goal, code, gate["round"] + 1)
        self.votes(gate, "approve", comment="Seen and agreed.")
        return gate
