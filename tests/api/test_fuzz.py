"""Requests made from the OpenAPI document, valid and broken: never a 500, and every refusal is a problem document."""

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode

from apps.api.openapi import document
from apps.core.strictjson import canonical
from apps.gates import services as gates
from apps.inbox import services as inbox
from tests.api.conftest import ROOT

EXAMPLES = 12
SCHEMA = schemathesis.openapi.from_dict(document())
OPERATIONS = [
    (path, method)
    for path, methods in document()["paths"].items()
    for method in methods
    # Signing out would make everything after it a 401.
    if (path, method) != (f"{ROOT}/session", "delete")
]


@pytest.fixture
def known(world, admin):
    """Ids that exist, by the name of the path's parameter: or nearly every request would be a 404."""
    attempt = world.start().attempt()
    live = gates.round_begin(gate=world.gate)
    gates.evidence_freeze(round=live, evidence={}, tree="0" * 40)
    question = inbox.question_ask(goal=world.goal, key="storage", text="Where?", default="in a file")
    escalation = inbox.escalation_raise(goal=world.goal, kind="no_agent", key="k", text="Nobody can.")
    return {
        "goal_id": world.goal.pk,
        "plan_id": world.plan.pk,
        "task_id": attempt.task_id,
        "gate_id": world.gate.pk,
        "artifact_id": world.artifact().pk,
        "question_id": question.pk,
        "escalation_id": escalation.pk,
        "slug": "builder",
        "number": 1,
    }


def _cases(operation: Any, mode: GenerationMode) -> Any:
    """Requests as the document describes them, or (negative) as it does not; the first where nothing can be broken."""
    broken = mode is GenerationMode.NEGATIVE and (operation.body or operation.query or operation.path_parameters)
    return operation.as_strategy(generation_mode=GenerationMode.NEGATIVE if broken else GenerationMode.POSITIVE)


def send(caller: Any, case: Any) -> Any:
    """The generated request through the test client, with the session that it needs."""
    wanted = case.as_transport_kwargs(base_url="http://testserver")
    path = wanted["url"].removeprefix("http://testserver")
    made = wanted.get("headers") or {}
    headers = {name: value for name, value in made.items() if name.lower() not in ("cookie", "authorization")}
    body = wanted.get("json")
    data = wanted.get("data") or b""
    if body is not None:
        data = canonical(body)
    return caller.client.generic(
        case.method,
        path,
        data if isinstance(data, bytes) else str(data).encode(),
        content_type=headers.pop("Content-Type", "application/json"),
        query_params=wanted.get("params"),
        headers={**headers, **caller.headers},
    )


@pytest.mark.parametrize(("path", "method"), OPERATIONS, ids=lambda value: value.removeprefix(ROOT))
def test_it_never_fails(path, method, known, admin):
    operation = SCHEMA[path][method.upper()]

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        phases=[Phase.generate],
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.one_of([_cases(operation, mode) for mode in GenerationMode]), st.booleans())
    def fuzz(case: Any, existing: bool) -> None:
        if existing:
            names = set(case.path_parameters or {}) & set(known)
            case.path_parameters.update({name: str(known[name]) for name in names})
        response = send(admin, case)
        assert response.status_code < 500, response.content
        if response.status_code >= 400:
            assert response["Content-Type"] == "application/problem+json", response.content
            assert response.json()["status"] == response.status_code
        if response.streaming:
            response.close()

    fuzz()
