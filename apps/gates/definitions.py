"""The seven gates as data (gates.md). An admin's edit makes a new version; these are version 1."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction

from apps.engine.seats import ANY_GROUP, OWNERS_GROUP
from apps.gates.models import GateDefinition

CODES = tuple(f"QG-PHASE{phase}" for phase in range(1, 8))
CODE, SECURITY, PERFORMANCE = "review.code", "review.security", "review.performance"
# Everybody's own sign-in counts half a day; what can't be undone asks for it again.
SIGN_IN_MINUTES = 12 * 60
FRESH_MINUTES = 15

# What each check is called on a page. Reviews may bring further checks under names of their own.
LABELS: Mapping[str, str] = {
    "sentences-traced": "Every sentence that asks for something is traced to a requirement",
    "acceptance-complete": "Each requirement has an acceptance test",
    "questions-settled": "Each question is answered, or its default taken as an assumption",
    "conditions-closed": "Conditions due at this gate are met or waived",
    "artifacts-present": "Every required artifact is there",
    "approaches-compared": "Approaches were compared",
    "decisions-recorded": "Decisions are recorded with reasons",
    "threats-listed": "Threats are listed",
    "estimate-present": "An estimate is there",
    "configuration-parses": "The configuration can be read",
    "no-secrets": "No secret lies in the tree",
    "cost-assumed": "The monthly cost is shown, with what it assumes",
    "tests-pass": "The tests pass",
    "contract-matches": "The service does what its contract says",
    "security-findings": "No high security finding",
    "pages-accessible": "Pages keep the accessibility rules",
    "end-to-end": "The end-to-end tests pass",
    "requirements-tested": "Each testable requirement has a test that fails without it",
    "manual-ticked": "Manual requirements are ticked by a person",
    "validate-completion": "Everything promised is complete",
    "rollback-tried": "Going back was tried",
    "manifest-complete": "The trial manifest is complete",
    "code-quality": "The code reviewer found nothing that stands out",
    "performance": "The performance engineer found nothing that stands out",
}


@dataclass(frozen=True)
class Definition:
    """One gate's defaults, in the fields of ``GateDefinition``."""

    code: str
    phase: int
    title: str
    question: str
    blocking_checks: list[str]
    rule: dict[str, Any]
    reviews: list[str]
    required_artifacts: list[str]
    advisory_checks: list[str]
    undo_seconds: int = 10


def _one(*groups: str, name: str = "") -> dict[str, Any]:
    return {"seats": [{"seat": name or " or ".join(groups), "groups": list(groups)}], "conditions": True}


def _ready_to_ship() -> dict[str, Any]:
    return {
        "seats": [
            {"seat": "the owner's group", "groups": [OWNERS_GROUP]},
            {"seat": "a second person", "groups": [ANY_GROUP]},
        ],
        "conditions": False,
        "fresh_minutes": FRESH_MINUTES,
    }


def _gate(
    phase: int,
    title: str,
    question: str,
    checks: str,
    rule: dict[str, Any],
    *,
    reviews: Sequence[str] = (),
    artifacts: Sequence[str] = (),
    advisory: str = "",
    undo_seconds: int = 10,
) -> Definition:
    return Definition(
        code=CODES[phase - 1],
        phase=phase,
        title=title,
        question=question,
        blocking_checks=[*checks.split(), "artifacts-present", "conditions-closed"],
        rule=rule,
        reviews=list(reviews),
        required_artifacts=list(artifacts),
        advisory_checks=advisory.split(),
        undo_seconds=undo_seconds,
    )


DEFINITIONS: tuple[Definition, ...] = (
    _gate(
        1,
        "Requirements approval",
        "Is this what we want?",
        "sentences-traced acceptance-complete questions-settled",
        _one(OWNERS_GROUP, name="the owner's group"),
        artifacts=[
            "requirements/requirements.json",
            "requirements/requirements.md",
            "requirements/acceptance.json",
            "requirements/assumptions.md",
        ],
    ),
    _gate(
        2,
        "Architecture review",
        "Is this how we want it?",
        "approaches-compared decisions-recorded threats-listed estimate-present",
        _one("architects"),
        reviews=[SECURITY],
        artifacts=[
            "docs/decisions.md",
            "architecture/specification.md",
            "architecture/threats.md",
            "architecture/estimate.json",
        ],
        advisory="security-findings",
    ),
    _gate(
        3,
        "Infrastructure validation",
        "Can it run, and at what price?",
        "configuration-parses no-secrets",
        _one("operations"),
        reviews=[SECURITY],
        artifacts=["infrastructure/cost.json", "infrastructure/plan.md"],
        advisory="cost-assumed security-findings",
    ),
    _gate(
        4,
        "Backend review",
        "Does it do the work?",
        "tests-pass contract-matches security-findings",
        _one("engineering"),
        reviews=[CODE, SECURITY, PERFORMANCE],
        advisory="code-quality performance",
    ),
    _gate(
        5,
        "Frontend review",
        "Can people use it?",
        "tests-pass pages-accessible",
        _one("engineering", "design"),
        reviews=[CODE, PERFORMANCE],
        advisory="code-quality performance",
    ),
    _gate(
        6,
        "Integration testing",
        "Does it hold together?",
        "end-to-end requirements-tested manual-ticked",
        _one("quality"),
        reviews=[CODE],
        artifacts=["reports/integration.json", "reports/coverage.json"],
        advisory="code-quality",
    ),
    _gate(
        7,
        "Deployment readiness",
        "Shall we ship?",
        "validate-completion rollback-tried manifest-complete",
        _ready_to_ship(),
        reviews=[SECURITY],
        artifacts=["docs/runbook.md", "reports/rollback.json"],
        advisory="security-findings",
        undo_seconds=60,
    ),
)


@transaction.atomic
def definitions_seed() -> list[GateDefinition]:
    """Make version 1 of each gate that has none; what an admin has changed stays. Returns the newest versions."""
    there = set(GateDefinition.objects.values_list("code", flat=True))
    GateDefinition.objects.bulk_create(
        [GateDefinition(version=1, **asdict(one)) for one in DEFINITIONS if one.code not in there]
    )
    return [newest(code) for code in CODES]


def newest(code: str) -> GateDefinition:
    """The version in force."""
    return GateDefinition.objects.filter(code=code).order_by("-version")[:1].get()
