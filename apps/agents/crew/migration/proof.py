"""The tests that prove each wish of a migration, and whether they notice when the thing is taken away."""

import ast
from collections.abc import Callable
from pathlib import Path
from typing import Any

from apps.agents.crew import naming
from apps.agents.crew.backend import run_tests
from apps.agents.crew.domain import Domain, Feature
from apps.agents.crew.migration.rules import MOVE_CLASS, Rule, rule_of
from apps.agents.crew.pyliteral import fill, literal
from apps.agents.crew.work import Work

ASSIGNED = ("PLAN", "ENTITIES")


def migration_tests(domain: Domain, title: str) -> str:
    """tests/test_end_to_end.py."""
    methods = []
    for feature in domain.features:
        rule = rule_of(domain, feature)
        if rule.kind and rule.entity:
            methods.append(f"    def test_{feature.module}(self):\n        self.{rule.kind}({rule.entity.slug!r})\n")
    body = "\n".join(methods).rstrip("\n")
    return fill("migration_end", TITLE=title, CLASS=MOVE_CLASS, SAMPLE=fill("migration_sample"), METHODS=body)


def notices_rule(work: Work, feature: Feature, file: str, copy: Path) -> bool:
    """Takes the rule out of the plan of the copy; the tests that name it must fail then."""
    rule = rule_of(work.domain, feature)
    target = _plan_of(copy, rule)
    if target is None:
        return False
    kept = target.read_bytes()
    try:
        target.write_text(_without(kept.decode("utf-8"), rule), encoding="utf-8")
        return not run_tests(work, file, cwd=copy)["ok"]
    finally:
        target.write_bytes(kept)


def _plan_of(copy: Path, rule: Rule) -> Path | None:
    """The file that holds the plan of the rule's entity: the one plan, or the entity's own step."""
    if rule.entity is None:
        return None
    step = copy / f"migration/steps/{rule.entity.module}.py"
    plan = copy / "migration/plan.py"
    return step if step.is_file() else plan if plan.is_file() else None


def _without(text: str, rule: Rule) -> str:
    tree = ast.parse(text)
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id in ASSIGNED:
            name, value = node.targets[0].id, ast.literal_eval(node.value)
            for plan in value if isinstance(value, list) else [value]:
                if rule.entity and plan["entity"] == rule.entity.slug:
                    _take_out(plan, rule.kind)
            return f"{name} = {literal(value)}\n"
    return text


def _take_out(plan: dict[str, object], kind: str) -> None:
    if kind == "merge":
        plan["merge"] = False
    elif kind == "dates":
        plan["iso_dates"] = False
    else:  # as if the rows were read and dropped
        plan["insert"] = f"{str(plan['insert']).replace('VALUES (', 'SELECT ').removesuffix(')')} WHERE 0"


Shell = Callable[[list[str], Path], dict[str, Any]]


def migration_rehearsed(work: Work, folder: Path, shell: Shell) -> list[dict[str, Any]]:
    """Steps of the rollback, on an old system made up for it: run, verify, go back, with the scripts that ship."""
    done = work.python(["-c", fill("migration_keep", SAMPLE=fill("migration_sample")), str(folder / "old")])
    steps = [_step("an old system was made up", done.ok, done.output)]
    target = folder / "new.db"
    target.write_bytes(b"")
    given = ["--source", str(folder / "old"), "--target", str(target)]
    before = target.read_bytes()
    for what in ("dry-run", "run", "verify"):
        ran = shell(["sh", str(work.root / "deploy/start.sh"), what, *given], folder)
        steps.append(_step(f"{what} passed", ran["code"] == 0, ran["output"]))
    steps.append(_step("the run changed the new system", target.read_bytes() != before))
    ran = shell(["sh", str(work.root / "deploy/rollback.sh"), "--target", str(target)], folder)
    steps.append(_step("the script ran", ran["code"] == 0, ran["output"]))
    steps.append(_step("the new system is as it was before", target.is_file() and target.read_bytes() == before))
    ran = shell(["sh", str(work.root / "deploy/rollback.sh"), "--target", str(target)], folder)
    steps.append(_step("going back twice is refused", ran["code"] == 1, ran["output"]))
    return steps


def _step(name: str, passed: bool, output: str = "") -> dict[str, Any]:
    return {"step": name, "passed": passed, "output": naming.one_line(output)}
