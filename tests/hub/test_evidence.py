"""Evidence is canonical: the same work gives the same digest, whatever order it was gathered in."""

import random
from typing import Any

from apps.core.audit import digest_of
from apps.gates.results import CheckResult
from apps.hub.evidence import compose

CHECKS = [CheckResult("b", "passed", "ok"), CheckResult("a", "failed", "no", source="review.code")]
ARTIFACTS = {"a.md": "1" * 64, "b.md": "2" * 64, "c.md": "3" * 64}


def made(*, shuffle=0, **changes):
    order = random.Random(shuffle)
    artifacts, checks = list(ARTIFACTS.items()), list(CHECKS)
    order.shuffle(artifacts)
    order.shuffle(checks)
    parts: dict[str, Any] = {
        "gate": {"code": "QG-PHASE1", "definition_version": 1, "rule": {"seats": []}},
        "plan": {"version": 1},
        "artifacts": dict(artifacts),
        "checks": checks,
        "requirements": [
            {"number": 2, "kind": "manual", "ticked_at": None},
            {"number": 1, "kind": "testable", "ticked_at": None},
        ],
        "answers": {"q": "yes", "p": "no"},
        "conditions": [("b", 3), ("a", 2)],
        "next_phase": {"phase": 2, "tasks": {}, "minutes": 0.0},
    }
    return compose(**{**parts, **changes})


def test_the_order_of_gathering_leaves_no_trace():
    assert {digest_of(made(shuffle=seed)) for seed in range(20)} == {digest_of(made())}


def test_proof_with_times_and_agents_leaves_no_trace():
    told = [
        CheckResult(one.name, one.result, one.sentence, source=one.source, proof={"seconds": 3, "agent": "x"})
        for one in CHECKS
    ]
    assert digest_of(made(checks=told)) == digest_of(made())


def test_when_a_requirement_was_ticked_leaves_no_trace_but_that_it_was():
    def ticked(at):
        return made(requirements=[{"number": 1, "kind": "manual", "ticked_at": at}])

    assert digest_of(ticked("2026-01-01")) == digest_of(ticked("2026-02-02")) != digest_of(ticked(None))


def test_everything_that_people_decide_on_changes_the_digest():
    changes: list[dict[str, Any]] = [
        {"artifacts": {**ARTIFACTS, "a.md": "9" * 64}},
        {"checks": CHECKS[:1]},
        {"plan": {"version": 2}},
        {"answers": {}},
        {"conditions": []},
        {"gate": {"code": "QG-PHASE1", "definition_version": 2, "rule": {"seats": []}}},
        {"next_phase": {"phase": 2, "tasks": {"x": {}}, "minutes": 1.0}},
    ]
    digests = {digest_of(made(**change)) for change in changes}
    assert len(digests | {digest_of(made())}) == len(changes) + 1
