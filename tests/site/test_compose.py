"""docker/compose.yml: valid, and true to the two database roles."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator

PROJECT = Path(__file__).resolve().parents[2]
SCHEMA = json.loads((PROJECT / "tests" / "data" / "compose-spec.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((PROJECT / "docker" / "compose.yml").read_text(encoding="utf-8"))
    return found


def test_it_follows_the_compose_schema(compose):
    assert [error.message for error in Draft7Validator(SCHEMA).iter_errors(compose)] == []


def test_the_schema_would_notice_a_slip(compose):
    broken = json.loads(json.dumps(compose))
    broken["services"]["web"]["port"] = broken["services"]["web"].pop("ports")
    assert not Draft7Validator(SCHEMA).is_valid(broken)


def test_every_process_of_the_design_is_there(compose):
    assert set(compose["services"]) == {
        *("postgres", "redis", "migrate", "prepare", "web", "worker-hub", "worker-plan", "worker-agents", "sweeper")
    }


def test_only_the_migration_knows_the_owner(compose):
    knows = {
        name
        for name, service in compose["services"].items()
        if name != "postgres" and "OWNER" in json.dumps(service.get("environment", {}))
    }
    assert knows == {"migrate"}


def test_what_runs_on_has_a_health_check_or_answers_nobody(compose):
    without = {name for name, service in compose["services"].items() if "healthcheck" not in service}
    assert without == {"migrate", "prepare", "sweeper"}


def test_the_example_environment_names_every_variable(compose):
    text = (PROJECT / "docker" / "compose.yml").read_text(encoding="utf-8")
    used = set(re.findall(r"(?<!\$)\$\{([A-Z_]+)", text))
    example = (PROJECT / "docker" / "example.env").read_text(encoding="utf-8")
    assert used == set(re.findall(r"^([A-Z_]+)=", example, re.MULTILINE))
