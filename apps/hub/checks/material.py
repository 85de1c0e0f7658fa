"""Everything that the checks of a round look at, as plain frozen values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class RequirementFact:
    """A requirement as the hub keeps it; ``ticked`` says that a person has ticked a manual one."""

    number: int
    kind: str
    text: str
    ticked: bool = False


@dataclass(frozen=True)
class QuestionFact:
    """A question to people; ``answer`` is empty while nobody has answered."""

    key: str
    text: str
    default: str
    answer: str = ""


@dataclass(frozen=True)
class ApproachFact:
    """One approach of the newest exploration."""

    name: str
    chosen: bool
    scores: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class TaskFact:
    """A task of the active plan."""

    key: str
    title: str
    phase: int
    status: str
    kind: str = "work"
    capability: str = ""
    produces: Sequence[str] = ()
    acceptance: Sequence[str] = ()


@dataclass(frozen=True)
class ConditionFact:
    """An open condition of an earlier gate."""

    text: str
    due_phase: int


@dataclass(frozen=True)
class Material:
    """What a round is about.

    ``files`` is the frozen tree, ``recorded`` the digests of accepted artifacts by path, ``blocking`` the gate's
    blocking checks, ``reviews`` the capabilities that were asked for, ``fresh_reviews`` the paths of review files made
    for exactly this tree, ``notes`` why a phase has no tasks, ``previous`` the tree of the gate before (or None).
    """

    code: str
    phase: int
    goal_kind: str
    files: Mapping[str, bytes]
    brief: bytes = b""
    additions: bytes = b""  # what was added to the brief since, with numbers of their own
    facts: Mapping[str, Any] = field(default_factory=dict)
    blocking: Sequence[str] = ()
    advisory: Sequence[str] = ()
    required_artifacts: Sequence[str] = ()
    reviews: Sequence[str] = ()
    fresh_reviews: frozenset[str] = frozenset()
    requirements: Sequence[RequirementFact] = ()
    questions: Sequence[QuestionFact] = ()
    approaches: Sequence[ApproachFact] = ()
    tasks: Sequence[TaskFact] = ()
    conditions: Sequence[ConditionFact] = ()
    notes: Mapping[int, str] = field(default_factory=dict)
    first_phase: int = 1  # the artifacts of the phases before were supplied by people
    recorded: Mapping[str, str] = field(default_factory=dict)
    previous: Mapping[str, bytes] | None = None

    def work(self, phase: int | None = None) -> list[TaskFact]:
        """The tasks of kind work in a phase (by default this one) that were not cancelled."""
        wanted = self.phase if phase is None else phase
        return [
            task for task in self.tasks if task.phase == wanted and task.kind == "work" and task.status != "cancelled"
        ]

    def promised(self, phase: int | None = None) -> list[str]:
        """Paths that the completed tasks of a phase promised."""
        return [path for task in self.work(phase) if task.status != "skipped" for path in task.produces]
