"""Is it good: checks with the failing ones first, where sources disagree, and machine facts beside agents' claims."""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Sum

from apps.core.untrusted import reveal
from apps.dashboard.templatetags.wording import money
from apps.gates.definitions import LABELS
from apps.gates.models import Check, Gate, Round
from apps.gates.selectors import GatePage
from apps.tasks.models import Attempt, Task

LONGEST_PROOF = 4000
MOST_CLAIMS = 4
HUB = "hub"
_SAYS = {"passed": "passed", "failed": "failed", "not_run": "was not run"}


@dataclass(frozen=True)
class CheckLine:
    """One check as the component ``check_row`` takes it; texts of agents are revealed, the template escapes them."""

    key: str
    name: str
    result: str
    blocking: bool
    sentence: str
    proof: str
    tool: str


@dataclass(frozen=True)
class Claim:
    """What one agent says of its own work."""

    agent: str
    task: str
    texts: Sequence[str]


def quality(page: GatePage) -> dict[str, Any]:
    """Three queries beside what the page has read."""
    lines = [line(check) for check in page.checks]
    known = {check.name for check in page.checks}
    missing = [
        CheckLine(one.name, label(one.name), "not_run", True, one.sentence, "", "hub")
        for one in page.open_checks
        if one.name not in known
    ]
    lines = missing + lines
    bad = [one for one in lines if one.result != "passed"]
    return {
        "bad_checks": bad,
        "good_checks": [one for one in lines if one.result == "passed"],
        "check_counts": _counts(lines),
        "disagreements": disagreements(page.checks),
        "machine_facts": _facts(page),
        **_claims(page.gate),
    }


def gate_before(gate: Gate) -> Round | None:
    """The newest round of the gate before that passed, with the tree and the evidence that it saw."""
    passed = Round.objects.filter(gate__goal=gate.goal_id, gate__phase=gate.phase - 1, outcome="passed")
    return passed.select_related("gate").order_by("-number").first()


def label(name: str) -> str:
    return LABELS.get(name) or reveal(name.replace("-", " ").replace("_", " ")).capitalize()


def line(check: Check) -> CheckLine:
    return CheckLine(
        key=check.name,
        name=label(check.name),
        result=check.result,
        blocking=check.blocking,
        sentence=reveal(check.sentence),
        proof=proof_text(check.proof),
        tool="the hub" if check.source == HUB else reveal(check.source),
    )


def proof_text(proof: Any) -> str:
    """The proof as indented JSON, revealed and cut; empty where there is none."""
    if not proof or not any(proof.values() if isinstance(proof, dict) else proof):
        return ""
    text = reveal(json.dumps(proof, indent=2, ensure_ascii=False, default=str))
    return text if len(text) <= LONGEST_PROOF else f"{text[:LONGEST_PROOF]}\n… ({len(text):,} characters)"


def disagreements(checks: Iterable[Check]) -> list[str]:
    """Sentences about checks of one name whose sources came to different results."""
    by_name: dict[str, list[Check]] = defaultdict(list)
    for check in checks:
        by_name[check.name].append(check)
    found = []
    for name, rows in by_name.items():
        if len({row.result for row in rows}) > 1:
            said = "; ".join(
                f"{'the hub' if row.source == HUB else reveal(row.source)} says it {_SAYS[row.result]}" for row in rows
            )
            found.append(f"“{label(name)}”: {said}.")
    return found


def _counts(lines: Sequence[CheckLine]) -> str:
    numbers = {result: sum(one.result == result for one in lines) for result in ("failed", "not_run", "passed")}
    words = {"failed": "failed", "not_run": "not run", "passed": "passed"}
    return ", ".join(f"{number} {words[result]}" for result, number in numbers.items() if number) or "none yet"


def _facts(page: GatePage) -> list[str]:
    """What the hub itself measured or counted about this phase."""
    gate = page.gate
    tasks = Task.objects.filter(goal=gate.goal, plan__status="active", phase=gate.phase, kind="work")
    statuses = dict(tasks.order_by().values_list("status").annotate(number=Count("pk")))
    attempts = Attempt.objects.filter(goal=gate.goal, phase=gate.phase).aggregate(number=Count("pk"), cost=Sum("cost"))
    done = statuses.get("completed", 0)
    lines = [f"{done} of {sum(statuses.values())} tasks completed in {attempts['number']} attempts."]
    left_out = {name: number for name, number in statuses.items() if name in ("skipped", "cancelled")}
    lines += [f"{number} tasks {name}." for name, number in left_out.items()]
    hub = [check for check in page.checks if check.source == HUB]
    if hub:
        lines.append(f"{sum(check.result == 'passed' for check in hub)} of {len(hub)} of the hub's own checks passed.")
    for check in hub:
        tests = check.proof.get("tests")
        if check.result == "passed" and isinstance(tests, int) and not isinstance(tests, bool) and tests:
            lines.append(f"{tests} tests ran for “{label(check.name)}”.")
    lines += _files(page)
    lines.append(f"{money(attempts['cost'] or Decimal(0), '€')} spent on this phase.")
    return lines


def _files(page: GatePage) -> list[str]:
    """How the frozen files differ from those of the gate before, by their digests."""
    if page.round is None or not page.round.evidence:
        return []
    now = page.round.evidence.get("artifacts", {})
    earlier = gate_before(page.gate)
    then = (earlier.evidence or {}).get("artifacts", {}) if earlier else {}
    added, gone = len(now.keys() - then.keys()), len(then.keys() - now.keys())
    changed = sum(then[path] != now[path] for path in now.keys() & then.keys())
    since = f" since {earlier.gate.code}" if earlier else ""
    return [f"{len(now)} files: {added} added, {changed} changed, {gone} removed{since}."]


def _claims(gate: Gate) -> dict[str, Any]:
    """The words of the newest accepted attempt of each task of the phase: they prove nothing."""
    rows = (
        Attempt.objects.filter(
            goal=gate.goal, phase=gate.phase, task__plan__status="active", task__kind="work", status="succeeded"
        )
        .order_by("task_id", "-number")
        .distinct("task_id")
        .values_list("agent__name", "task__title", "result")
    )
    found = []
    for agent, task, result in rows:
        texts = [*result.get("claims", []), result.get("summary", "")] if isinstance(result, dict) else []
        said = [reveal(str(text))[:300] for text in texts if text]
        if said:
            found.append(Claim(reveal(agent), reveal(task), said[:2]))
    return {"claims": found[:MOST_CLAIMS], "claims_more": max(0, len(found) - MOST_CLAIMS)}
