"""The checks of the seven gates: deterministic, pure over a ``Material``, one module for each gate.

``checks_for`` is what the hub calls. A check never passes because something is missing: what nobody looked at is
'not run'. Whatever a file contains, the answer is a list of results and never an exception.
"""

from collections.abc import Callable, Mapping, Sequence

from apps.gates.results import CheckResult
from apps.hub.checks import (
    architecture,
    backend,
    common,
    deployment,
    frontend,
    infrastructure,
    integration,
    requirements,
    reviews,
)
from apps.hub.checks.material import Material

__all__ = ["Material", "checks_for"]

BY_GATE: Mapping[str, Callable[[Material], Sequence[CheckResult]]] = {
    "QG-PHASE1": requirements.checks,
    "QG-PHASE2": architecture.checks,
    "QG-PHASE3": infrastructure.checks,
    "QG-PHASE4": backend.checks,
    "QG-PHASE5": frontend.checks,
    "QG-PHASE6": integration.checks,
    "QG-PHASE7": deployment.checks,
}


def checks_for(code: str, material: Material) -> list[CheckResult]:
    """All results for the gate ``code``, one for each name and source, blocking ones first, then by name."""
    always = common.checks(material)
    if common.nothing_to_do(material):
        found = common.nothing_to_review(material)
    else:
        found = [*BY_GATE[code](material), *reviews.results(material)]
    return common.ordered(material, [*found, *always])
