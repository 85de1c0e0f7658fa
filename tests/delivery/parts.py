"""A small, complete deliverable as plain data, for tests that change one thing in it."""

import hashlib
from datetime import UTC, datetime
from typing import Any

from apps.delivery.package import DeliverableParts, WorkspaceFile
from apps.delivery.report import Figure, FileLine, GateLine, ReportData, RequirementLine

WHEN = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
BRIEF = "Keep notes – größer & <better>.\r\n".encode()


def workspace_file(path: str, content: bytes) -> WorkspaceFile:
    return WorkspaceFile(path, hashlib.sha256(content).hexdigest(), len(content), lambda: [content[:3], content[3:]])


def gate(phase: int, **changes: Any) -> dict[str, Any]:
    persons = ["ann", "bob"] if phase == 7 else ["ann"]
    seats = [f"seat {number}" for number, _ in enumerate(persons, start=1)]
    digest = f"{phase}" * 64
    votes = [
        {
            "id": phase * 10 + number,
            "person": person,
            "group": "architects",
            "verdict": "approve",
            "comment": "",
            "evidence_digest": digest,
            "at": "2026-03-04T05:00:00+00:00",
        }
        for number, person in enumerate(persons)
    ]
    filled = [
        {"seat": seat, "vote": vote["id"], "person": vote["person"]} for seat, vote in zip(seats, votes, strict=True)
    ]
    round_ = {
        "number": 1,
        "outcome": "passed",
        "solo": False,
        "override": False,
        "evidence_digest": digest,
        "rule": {"seats": [{"seat": seat, "groups": ["architects"]} for seat in seats]},
        "checks": [
            {
                "name": "tests-pass",
                "result": "passed",
                "blocking": True,
                "sentence": "9 of 9.",
                "proof": {},
                "source": "hub",
            }
        ],
        "votes": votes,
        "conditions": [],
        "clearance": {
            "id": f"c{phase}",
            "phase": phase + 1,
            "solo": False,
            "override": False,
            "revoked": False,
            "seats": filled,
        },
        **changes,
    }
    return {
        "code": f"QG-PHASE{phase}",
        "phase": phase,
        "title": f"Gate {phase}",
        "status": "passed",
        "rounds": [round_],
    }


def report(**changes: Any) -> ReportData:
    values: dict[str, Any] = {
        "title": "Notes",
        "goal_id": "g1",
        "kind": "web application",
        "outcome": "Delivered: 2 of 2 requirements answered.",
        "created": "4 March 2026, 05:06 UTC",
        "brief": BRIEF.decode(),
        "approach": "Layered, stored in SQLite.",
        "built": (FileLine("service/app.py", "backend-assembly", "builder"),),
        "not_built": ("Sending mail: declined at QG-PHASE1.",),
        "requirements": (
            RequirementLine(1, "Add a note", "testable", (1,), ("tests/test_add.py::test_add",), True),
            RequirementLine(2, "Be pretty", "manual", (2, 3), (), False),
        ),
        "gates": (
            GateLine("QG-PHASE1", "Requirements", "passed", 1, ("Ann for owners",), "4 March", ("solo",), ("Mend X",)),
        ),
        "figures": (Figure("Parallelization", "93 %", "of the possible"),),
        "costs": (Figure("Agents", "1.20 €"),),
        "assumptions": ("Single user.",),
        "open_points": (),
        "audit": "Audit head abc, link 7.",
    }
    return ReportData(**{**values, **changes})


def parts(files: dict[str, bytes] | None = None, **changes: Any) -> DeliverableParts:
    content = {
        "strategic_prompt.txt": BRIEF,
        "service/app.py": b"print('hi')\n",
        "docs/größe.md": b"# x\n",
        "empty": b"",
    }
    content = content if files is None else files
    gates = tuple(gate(phase) for phase in range(1, 8))
    workspace = tuple(workspace_file(path, data) for path, data in content.items())
    values: dict[str, Any] = {
        "goal_id": "g1",
        "title": "Notes",
        "brief": BRIEF,
        "created": WHEN,
        "commit": "c" * 40,
        "clearance": "c7",
        "audit_head": "a" * 64,
        "audit_seq": 7,
        "workspace": workspace,
        "report": report(),
        "plan": {"version": 1, "tasks": []},
        "resource_plan": {"slots": 10},
        "gates": gates,
        "metrics": {"parallelization": 0.93},
        "provenance": tuple(
            {
                "path": file.path,
                "sha256": file.sha256,
                "task": "t",
                "agent": "builder",
                "attempt": 1,
                "commit": "c" * 40,
                "gates": ["QG-PHASE4"],
                "agreed": [{"gate": "QG-PHASE4", "persons": ["ann"]}],
            }
            for file in workspace
        ),
        "packets": {("backend.assembly", 1): {"schema": "task_packet/1"}},
        "validations": {(record["code"], 1): {"checks": record["rounds"][0]["checks"]} for record in gates},
        "additions": (b"And more.",),
    }
    return DeliverableParts(**{**values, **changes})
