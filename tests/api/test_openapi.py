"""The OpenAPI document is valid, and says of every endpoint how it refuses."""

from openapi_spec_validator import OpenAPIV31SpecValidator

from apps.api.openapi import document

DESIGNED = """
POST /session
POST /goals
GET /goals
GET /goals/{goal_id}
GET /goals/{goal_id}/approaches
GET /goals/{goal_id}/plan
GET /goals/{goal_id}/tasks
GET /goals/{goal_id}/events
POST /goals/{goal_id}/start
POST /goals/{goal_id}/pause
POST /goals/{goal_id}/resume
POST /goals/{goal_id}/cancel
POST /goals/{goal_id}/replan
POST /goals/{goal_id}/accept
GET /goals/{goal_id}/deliverable
GET /goals/{goal_id}/report
GET /goals/{goal_id}/metrics
GET /inbox
GET /gates
GET /gates/{gate_id}
POST /gates/{gate_id}/votes
GET /agents
POST /agents
GET /agents/{slug}
PATCH /agents/{slug}
GET /tasks/{task_id}
GET /tasks/{task_id}/packet
POST /tasks/{task_id}/retry
POST /tasks/{task_id}/reassign
POST /tasks/{task_id}/cancel
GET /pool
GET /plans/{plan_id}
GET /artifacts/{artifact_id}
GET /gates/{gate_id}/evidence
GET /questions
GET /escalations
POST /goals/{goal_id}/approach
POST /plans/{plan_id}/activate
POST /questions/{question_id}/answer
POST /escalations/{escalation_id}/resolve
POST /conditions/{condition_id}/close
"""


def operations():
    for path, methods in document()["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path.removeprefix('/api/v1')}", operation


def test_it_is_valid():
    assert list(OpenAPIV31SpecValidator(document()).iter_errors()) == []
    assert document()["openapi"] == "3.1.0"


def test_every_endpoint_of_the_design_is_there():
    assert set(DESIGNED.split("\n")) - {""} <= {name for name, _ in operations()}


def test_every_operation_says_what_it_is_and_how_it_refuses():
    names = []
    for name, operation in operations():
        assert operation["summary"], name
        assert "application/problem+json" in operation["responses"]["default"]["content"], name
        assert "security" in operation or name == "POST /session", name
        names.append(operation["operationId"])
    assert len(names) == len(set(names))


def test_no_address_ends_in_a_slash():
    assert not [path for path in document()["paths"] if path.endswith("/")]


def test_creating_takes_an_idempotency_key():
    for name, operation in operations():
        if "201" in operation["responses"]:
            assert "Idempotency-Key" in {one["name"] for one in operation["parameters"]}, name
