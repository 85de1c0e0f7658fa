"""The method library as typed values: how a goal can be taken apart (hierarchical task networks).

After Erol, Hendler and Nau (HTN planning: complexity and expressivity, AAAI 1994) and the idea of GTPyhop (Nau et al.,
2021) that methods are plain, inspectable alternatives. A *compound* task has methods; a *method* has preconditions and
an ordered list of steps; a *primitive* is a task for an agent: a capability, artifacts in and out, an estimate.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from apps.engine.conditions import Condition

PHASES = {
    1: "requirements",
    2: "architecture",
    3: "infrastructure",
    4: "backend",
    5: "frontend",
    6: "integration",
    7: "deployment",
}
EACH = ("feature", "entity")


class UnknownName(LookupError):
    """The library names a task that it does not define."""

    def __init__(self, name: str, where: str) -> None:
        super().__init__(f"{where} names the task '{name}', which the library does not define.")
        self.name = name
        self.where = where


@dataclass(frozen=True)
class Estimate:
    """Three points in agent minutes, as in PERT (Malcolm et al., Operations Research 7, 1959). ``source`` is default,
    measured or edited, ``samples`` the attempts that it rests on, ``why`` the sentence that says so.

    >>> Estimate(1, 2, 9).expected, round(Estimate(1, 2, 9).spread, 2)
    (3.0, 1.33)
    """

    optimistic: float
    likely: float
    pessimistic: float
    source: str = "default"
    samples: int = 0
    why: str = ""

    @property
    def expected(self) -> float:
        """Mean of the beta distribution through the three points, in minutes."""
        return (self.optimistic + 4 * self.likely + self.pessimistic) / 6

    @property
    def spread(self) -> float:
        """Its standard deviation, in minutes."""
        return (self.pessimistic - self.optimistic) / 6


@dataclass(frozen=True)
class Primitive:
    """One piece of work. Paths are templates: ``{feature.module}`` is the task's own feature, ``{features.module}``
    stands for one path for each feature. ``optional`` inputs count only if some task of the plan produces them."""

    name: str
    title: str
    phase: int
    capability: str
    produces: tuple[str, ...]
    estimate: Estimate
    consumes: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    description: str = ""
    acceptance: tuple[str, ...] = ()
    parameters: Mapping[str, str] = field(default_factory=dict)
    risk: float = 0.1
    cost: float = 0.0


@dataclass(frozen=True)
class Step:
    """One line of a method: a task by name, once or ``for_each`` feature or entity. It begins only when the earlier
    steps of the method that ``after`` names by their task are done, even where it needs none of their artifacts."""

    task: str
    for_each: str = ""
    after: tuple[str, ...] = ()


@dataclass(frozen=True)
class Fit:
    """When ``when`` holds, the method's misfit changes by ``by`` (negative is better), because …"""

    when: Condition
    by: float
    because: str


@dataclass(frozen=True)
class Method:
    """One way to do a compound task. ``chooses`` are the choices it makes, ``uses`` the words that a must-not clause
    can forbid, ``misfit`` how badly it suits a brief of which nothing is known (0 to 1)."""

    name: str
    title: str
    steps: tuple[Step, ...]
    summary: str = ""
    when: tuple[Condition, ...] = ()
    chooses: Mapping[str, str] = field(default_factory=dict)
    uses: tuple[str, ...] = ()
    risk: float = 0.0
    risks: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = ()
    misfit: float = 0.5
    fits: tuple[Fit, ...] = ()


@dataclass(frozen=True)
class Compound:
    """A task that is done by one of its methods, tried in this order when nothing else decides. What it decides
    ``distinguishes`` approaches if people should see one of each kind side by side."""

    name: str
    title: str
    methods: tuple[Method, ...]
    distinguishes: bool = False


@dataclass(frozen=True)
class Library:
    """All methods, with the version and digest that a plan keeps. ``given`` artifacts are there before any task;
    ``phase_without_tasks`` says for a kind and a phase why the phase has nothing to do."""

    name: str
    version: str
    root: str
    compounds: Mapping[str, Compound]
    primitives: Mapping[str, Primitive]
    given: tuple[str, ...] = ("strategic_prompt.txt",)
    phase_without_tasks: Mapping[str, Mapping[int, str]] = field(default_factory=dict)
    digest: str = ""

    def task(self, name: str, where: str) -> Compound | Primitive:
        """The compound or primitive of that name. Raises UnknownName."""
        found = self.compounds.get(name) or self.primitives.get(name)
        if found is None:
            raise UnknownName(name, where)
        return found

    def capabilities(self) -> tuple[str, ...]:
        """Every capability that some task needs, sorted."""
        return tuple(sorted({primitive.capability for primitive in self.primitives.values()}))

    def why_empty(self, kind: str, phase: int) -> str:
        """Why a phase of such a goal has no tasks: the sentence that its gate shows."""
        sentence = self.phase_without_tasks.get(kind, {}).get(phase, "")
        return sentence or f"The chosen approach needs no work in the phase {PHASES[phase]}."
