"""The agents of the crew, as the seed puts them into the registry."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class AgentSpec:
    """`cost_per_hour` in the currency of the installation; `limits` bounds one attempt."""

    slug: str
    name: str
    description: str
    capabilities: tuple[str, ...]
    cost_per_hour: str
    limits: dict[str, int] = field(default_factory=lambda: {"timeout_seconds": 300, "parallel": 4})
    runtime: str = "local"
    config: dict[str, str] = field(default_factory=lambda: {"entry": "crew"})


ANALYSIS = ("requirements.analysis", "requirements.acceptance", "requirements.questions")
ARCHITECTURE = ("architecture.decisions", "architecture.specification", "architecture.contract", "architecture.threats")
BACKEND = (
    "backend.foundation",
    "backend.entity",
    "backend.event-log",
    "backend.contract-tests",
    "backend.feature",
    "backend.assembly",
)
WRITING = ("writing.section", "writing.sources", "writing.summary", "writing.assembly")
CLIENT = ("client.shell", "client.read-copy", "client.outbox")
MIGRATION = (
    "migration.inventory",
    "migration.mapping",
    "migration.engine",
    "migration.step",
    "migration.verification",
    "migration.comparison",
    "migration.rollback",
    "migration.assembly",
)
EVENT = (
    "event.frame",
    "event.budget",
    "event.programme",
    "event.rooms",
    "event.moderation",
    "event.guests",
    "event.registration",
    "event.roles",
    "event.part",
    "event.assembly",
)
PROCESS = (
    "process.current",
    "process.target",
    "process.means",
    "process.roles",
    "process.training",
    "process.measures",
    "process.pilot",
    "process.waves",
    "process.cutover",
    "process.part",
    "process.assembly",
)
INTEGRATION = ("integration.acceptance", "integration.tests", "integration.coverage")
DEPLOYMENT = ("deployment.runbook", "deployment.release", "deployment.rollback")

CREW: list[AgentSpec] = [
    AgentSpec("analyst", "Requirements analyst", "Turns the brief into numbered, traced requirements.", ANALYSIS, "60"),
    AgentSpec(
        "architect", "Architect", "Decides, specifies, and writes the contract and the threats.", ARCHITECTURE, "90"
    ),
    AgentSpec(
        "systems-engineer",
        "Systems engineer",
        "Configures, prices and ships; stands in for the architect's documents.",
        ("infrastructure.configuration", "infrastructure.cost", *DEPLOYMENT, *ARCHITECTURE),
        "80",
    ),
    AgentSpec(
        "backend-one",
        "First backend engineer",
        "Builds stores, features and the service, each with its tests.",
        BACKEND,
        "75",
    ),
    AgentSpec(
        "backend-two",
        "Second backend engineer",
        "Builds features beside the first, and takes over from them.",
        BACKEND,
        "75",
    ),
    AgentSpec(
        "frontend-engineer",
        "Frontend engineer",
        "Makes accessible pages without any outside resource.",
        ("frontend.style", "frontend.page"),
        "70",
    ),
    AgentSpec(
        "generalist",
        "Generalist",
        "Can do a little of everything: analysis, pages, writing and integration, when the others are busy.",
        (
            *ANALYSIS,
            "frontend.style",
            "frontend.page",
            *WRITING,
            *INTEGRATION,
            "infrastructure.configuration",
            "infrastructure.cost",
        ),
        "65",
    ),
    AgentSpec(
        "client-engineer",
        "Client engineer",
        "Makes pages installable on phones, and useful without a network.",
        ("frontend.style", "frontend.page", *CLIENT),
        "70",
    ),
    AgentSpec(
        "data-engineer",
        "Data engineer",
        "Moves an existing system: mapping, script, verification, the way back.",
        MIGRATION,
        "80",
    ),
    AgentSpec(
        "event-planner",
        "Event planner",
        "Programme, guests, roles and budget of an event, checked against each other.",
        EVENT,
        "60",
    ),
    AgentSpec(
        "process-designer",
        "Process designer",
        "The process of today and tomorrow, roles, training, measures and the way there.",
        PROCESS,
        "70",
    ),
    AgentSpec(
        "coordinator",
        "Coordinator",
        "Stands in for the event planner, the process designer, and the engineers of data and clients.",
        (*EVENT, *PROCESS, *MIGRATION, *CLIENT),
        "65",
    ),
    AgentSpec(
        "writer", "Technical writer", "Writes reports from the brief and marks what is not in it.", WRITING, "55"
    ),
    AgentSpec(
        "test-engineer", "Test engineer", "Runs the whole, and proves that each test can fail.", INTEGRATION, "70"
    ),
    AgentSpec(
        "release-engineer", "Release engineer", "Runbook, release, and a rollback that was tried.", DEPLOYMENT, "70"
    ),
    AgentSpec("code-reviewer", "Code reviewer", "Reads and runs what others wrote.", ("review.code",), "85"),
    AgentSpec(
        "security-auditor",
        "Security auditor",
        "Looks for secrets, injection and unsafe pages; can review code as well.",
        ("review.security", "review.code"),
        "95",
    ),
    AgentSpec(
        "performance-engineer",
        "Performance engineer",
        "Measures the running service; can audit as well.",
        ("review.performance", "review.security"),
        "85",
    ),
]
