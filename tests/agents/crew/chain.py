"""Running the crew capability after capability, as the hub would, each in the sandbox on what the ones before left."""

import json
from typing import Any

from apps.agents.runtimes import Result, Surroundings, runtime_for

CODE = ("web_application", "api_service", "command_line_tool", "library", "data_pipeline")
CONTRACTS = {
    "web_application": "contract/openapi.json",
    "api_service": "contract/openapi.json",
    "command_line_tool": "contract/cli.json",
    "data_pipeline": "contract/cli.json",
    "library": "contract/interface.json",
}
ASSEMBLED = {
    "web_application": "service/app.py",
    "api_service": "service/app.py",
    "command_line_tool": "service/cli.py",
    "data_pipeline": "service/cli.py",
    "library": "service/library.py",
}
NOT_BUILT = "docs/not-built.md"
Step = tuple[int, str, dict[str, str], list[str]]


def module(slug: str) -> str:
    return slug.replace("-", "_")


def plan(facts: dict[str, Any], choices: dict[str, str]) -> list[Step]:
    """The primitive tasks of a goal in an order that their artifacts allow, as the method library has them."""
    kind = facts["kind"]
    slugs = [feature["slug"] for feature in facts["features"]]
    steps: list[Step] = [
        (1, "requirements.analysis", {}, ["requirements/requirements.json", "requirements/requirements.md"]),
        (1, "requirements.acceptance", {}, ["requirements/acceptance.json"]),
        (1, "requirements.questions", {}, ["requirements/assumptions.md"]),
        (2, "architecture.decisions", {}, ["docs/decisions.md"]),
        (2, "architecture.specification", {}, ["architecture/specification.md"]),
        (2, "architecture.contract", {}, [CONTRACTS.get(kind, "contract/outline.json")]),
        (2, "architecture.threats", {}, ["architecture/threats.md", "architecture/estimate.json"]),
    ]
    if kind != "report":
        steps.append((3, "infrastructure.configuration", {}, ["deploy/settings.toml", "deploy/Dockerfile"]))
    steps.append((3, "infrastructure.cost", {}, ["infrastructure/cost.json", "infrastructure/plan.md"]))
    if kind in CODE:
        steps += _backend(facts, choices, slugs)
    if kind == "report":
        steps += [(4, "writing.section", {"feature": slug}, [f"report/{slug}.md"]) for slug in slugs]
        steps += [(4, "writing.sources", {}, ["report/sources.md"]), (4, "writing.summary", {}, ["report/summary.md"])]
        steps.append((4, "writing.assembly", {}, ["report/report.md"]))
    if kind in ("web_application", "static_site"):
        steps.append((5, "frontend.style", {}, ["pages/style.css"]))
        if choices.get("pages") != "single-page":
            steps += [(5, "frontend.page", {"page": slug}, [f"pages/{slug}.html"]) for slug in slugs]
        steps.append((5, "frontend.page", {"page": "index"}, ["pages/index.html"]))
    if choices.get("verification") == "acceptance-first":
        produced = ["tests/test_acceptance.py", "reports/acceptance.json"]
        steps.append((6, "integration.acceptance", {}, produced))
    steps += [
        (6, "integration.tests", {}, ["tests/test_end_to_end.py", "reports/integration.json"]),
        (6, "integration.coverage", {}, ["reports/coverage.json"]),
        (7, "deployment.runbook", {}, ["docs/runbook.md"]),
        (7, "deployment.release", {}, ["CHANGELOG.md"] + ([] if kind == "report" else ["deploy/start.sh"])),
        (
            7,
            "deployment.rollback",
            {},
            ["reports/rollback.json"] + ([] if kind == "report" else ["deploy/rollback.sh"]),
        ),
    ]
    return steps


def _backend(facts: dict[str, Any], choices: dict[str, str], slugs: list[str]) -> list[Step]:
    structure = choices["structure"]
    steps: list[Step] = [(4, "backend.foundation", {}, ["service/__init__.py", "service/store.py"])]
    if structure == "layered":
        for entity in facts["entities"]:
            name = module(entity["slug"])
            produced = [f"service/entities/{name}.py", f"tests/test_entity_{name}.py"]
            steps.append((4, "backend.entity", {"entity": entity["slug"]}, produced))
    if structure == "event-log":
        steps.append((4, "backend.event-log", {}, ["service/events.py", "tests/test_events.py"]))
    if structure == "contract-first":
        steps.append((4, "backend.contract-tests", {}, ["tests/test_contract.py"]))
    for slug in slugs:
        produced = [f"service/features/{module(slug)}.py", f"tests/test_{module(slug)}.py"]
        steps.append((4, "backend.feature", {"feature": slug}, produced))
    steps.append((4, "backend.assembly", {}, [ASSEMBLED[facts["kind"]], "tests/test_app.py", NOT_BUILT]))
    return steps


def packet(facts: dict[str, Any], capability: str, **given: Any) -> dict[str, Any]:
    """A whole packet; `given` may have phase, parameters, produces, choices, feedback, constraints, answers, acceptance
    and, in `task`, more fields of the task."""
    kind = "review" if capability.startswith("review.") else "work"
    return {
        "schema": "task_packet/1",
        "task": {
            "id": "t",
            "key": capability,
            "title": capability,
            "description": "",
            "phase": given.get("phase", 1),
            "kind": kind,
            "capability": capability,
            "revision": 1,
            "consumes": given.get("consumes", _inputs(facts, capability, given)),
            "produces": given.get("produces", []),
            "parameters": given.get("parameters", {}),
            **given.get("task", {}),
        },
        "goal": {"id": "g", "title": facts["title"], "kind": facts["kind"]},
        "attempt": {"id": "a", "number": 1, "fence": 1, "lease_until": "2026-01-01T00:00:00Z"},
        "agent": {"slug": "analyst", "why": "it is free"},
        "context": {
            "facts": facts,
            "approach": {"name": "one", "summary": "One way.", "methods": {}, "choices": given.get("choices", {})},
            "constraints": {"deadline": None, "budget": None, "slots": None, **given.get("constraints", {})},
            "answers": given.get("answers", {}),
        },
        "inputs": [],
        "acceptance": given.get("acceptance", []),
        "feedback": given.get("feedback", []),
        "conditions": [],
        "handoff": [],
    }


def _inputs(facts: dict[str, Any], capability: str, given: dict[str, Any]) -> list[str]:
    """What the method library has as inputs of a feature's task, for the structure that was chosen."""
    if capability != "backend.feature":
        return []
    structure = given.get("choices", {}).get("structure")
    slug = given.get("parameters", {}).get("feature")
    about = [feature["entity"] for feature in facts["features"] if feature["slug"] == slug and feature["entity"]]
    layers = [f"service/entities/{module(entity)}.py" for entity in about] if structure == "layered" else []
    return ["service/store.py", *layers, *(["service/events.py"] if structure == "event-log" else [])]


class Chain:
    """A goal's workspace, growing by one accepted attempt after another."""

    def __init__(self, facts: dict[str, Any], choices: dict[str, str] | None = None, brief: str = "") -> None:
        self.facts = facts
        self.choices = choices or {"storage": "sqlite", "structure": "layered", "pages": "page-per-feature"}
        text = brief or "\n".join(sentence["text"] for sentence in facts["sentences"])
        self.tree: dict[str, bytes] = {"strategic_prompt.txt": text.encode()}
        self.runtime = runtime_for("local", {"entry": "crew"}, Surroundings(timeout_seconds=200))

    def attempt(self, capability: str, **given: Any) -> Result:
        document = packet(self.facts, capability, choices=self.choices, **given)
        return self.runtime.start(document, self.tree, on_event=lambda event: None, stop=lambda: False)

    def accept(self, capability: str, **given: Any) -> Result:
        result = self.attempt(capability, **given)
        assert result.outcome == "succeeded", f"{capability} {given}: {result.error}"
        for path in result.deleted:
            del self.tree[path]
        self.tree.update(result.tree)
        missing = [path for path in given.get("produces", []) if path not in self.tree]
        assert not missing, f"{capability} did not make {missing}"
        return result

    def run(self, *, until_phase: int = 7) -> None:
        for phase, capability, parameters, produces in plan(self.facts, self.choices):
            if phase <= until_phase:
                self.accept(capability, phase=phase, parameters=parameters, produces=produces)

    def review(self, phase: int, kind: str) -> list[dict[str, Any]]:
        path = f"reviews/phase{phase}/{kind}.json"
        self.accept(f"review.{kind}", phase=phase, produces=[path])
        checks: list[dict[str, Any]] = self.document(path)["checks"]
        return checks

    def document(self, path: str) -> dict[str, Any]:
        document: dict[str, Any] = json.loads(self.tree[path])
        return document

    def text(self, path: str) -> str:
        return self.tree[path].decode()
