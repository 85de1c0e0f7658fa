"""Which function does which capability. Modules are loaded by name, so that an attempt pays only for its own."""

from collections.abc import Callable
from importlib import import_module
from typing import cast

from apps.agents.crew.work import CannotDo, Work

# A capability's function writes its files through `work` and returns one sentence that sums up.
Capability = Callable[[Work], str]

FUNCTIONS: dict[str, str] = {
    "requirements.analysis": "requirements:analysis",
    "requirements.acceptance": "acceptance:acceptance",
    "requirements.questions": "requirements:questions",
    "architecture.decisions": "decisions:decisions",
    "architecture.specification": "architecture:specification",
    "architecture.contract": "contract:contract",
    "architecture.threats": "architecture:threats",
    "infrastructure.configuration": "infrastructure:configuration",
    "infrastructure.cost": "infrastructure:cost",
    "backend.foundation": "backend:foundation",
    "backend.entity": "backend:entity",
    "backend.event-log": "backend:event_log",
    "backend.contract-tests": "backend_tests:contract_tests",
    "backend.feature": "backend:feature",
    "backend.assembly": "assembly:assembly",
    "frontend.style": "frontend:style",
    "frontend.page": "frontend:page",
    "writing.section": "writing:section",
    "writing.sources": "writing:sources",
    "writing.summary": "writing:summary",
    "writing.assembly": "writing:assembly",
    "client.shell": "client:shell",
    "client.read-copy": "client:copies",
    "client.outbox": "client:outbox",
    "migration.inventory": "migration.writing:inventory",
    "migration.mapping": "migration.writing:mapping",
    "migration.engine": "migration.writing:engine",
    "migration.step": "migration.writing:step",
    "migration.verification": "migration.writing:verification",
    "migration.comparison": "migration.writing:comparison",
    "migration.rollback": "migration.writing:back",
    "migration.assembly": "migration.writing:assembly",
    "event.frame": "event.frame:frame",
    "event.budget": "event.frame:budget",
    "event.programme": "event.writing:programme",
    "event.rooms": "event.writing:rooms",
    "event.moderation": "event.writing:moderation",
    "event.guests": "event.writing:guests",
    "event.registration": "event.writing:registration",
    "event.roles": "event.writing:roles",
    "event.part": "event.writing:part",
    "event.assembly": "event.writing:assembly",
    "process.current": "process.writing:current",
    "process.target": "process.writing:target",
    "process.means": "process.writing:means",
    "process.roles": "process.writing:roles",
    "process.training": "process.writing:training",
    "process.measures": "process.writing:measures",
    "process.pilot": "process.rollout:pilot",
    "process.waves": "process.rollout:waves",
    "process.cutover": "process.rollout:cutover",
    "process.part": "process.writing:part",
    "process.assembly": "process.writing:assembly",
    "integration.acceptance": "integration:acceptance",
    "integration.tests": "integration:tests",
    "integration.coverage": "coverage:coverage",
    "deployment.runbook": "deployment:runbook",
    "deployment.release": "deployment:release",
    "deployment.rollback": "deployment:rollback",
    "review.code": "reviews.code:review",
    "review.security": "reviews.security:review",
    "review.performance": "reviews.performance:review",
}


def function_for(capability: str) -> Capability:
    """Raises CannotDo for a capability that the crew has not."""
    if capability not in FUNCTIONS:
        raise CannotDo(f"The crew has no agent for '{capability}'.")
    module, _, name = FUNCTIONS[capability].partition(":")
    return cast(Capability, getattr(import_module(f"apps.agents.crew.{module}"), name))
