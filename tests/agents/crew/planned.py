"""The crew on a whole plan without the hub: planned from a brief, every task in the sandbox, every gate's checks."""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

import networkx as nx

from apps.agents.crew.roster import CREW
from apps.engine.approaches import Approach
from apps.engine.edges import graph_of
from apps.engine.facts import extract_facts
from apps.engine.htn import PlannedTask
from apps.engine.planner import Settings, plan
from apps.engine.work import Worker
from apps.gates.definitions import DEFINITIONS
from apps.gates.results import CheckResult
from apps.hub.checks import Material, checks_for
from apps.hub.checks.material import ApproachFact, QuestionFact, RequirementFact, TaskFact
from apps.planning.library import load_library
from tests.agents.crew.chain import Chain

LIBRARY = load_library()
WORKERS = tuple(Worker(agent.slug, frozenset(agent.capabilities), 10) for agent in CREW)


@dataclass
class Goal:
    """A brief of one kind and the approaches that the shipped library has for it."""

    title: str
    brief: str
    kind: str

    def __post_init__(self) -> None:
        self.facts = extract_facts(self.title, self.brief)
        self.explored = plan(self.facts, LIBRARY, Settings(answers={"kind": self.kind}, workers=WORKERS))

    @property
    def approaches(self) -> tuple[Approach, ...]:
        return self.explored.approaches

    def approach(self, **choices: str) -> Approach:
        return next(one for one in self.approaches if choices.items() <= one.choices.items())


class Crew(Chain):
    """Works through the tasks of an approach in the order that its edges allow."""

    def __init__(self, goal: Goal, approach: Approach) -> None:
        facts = {**goal.explored.facts.as_dict(), "kind": goal.kind}
        super().__init__(facts, dict(approach.choices), goal.brief)
        self.goal, self.approach = goal, approach

    def ordered(self) -> Iterator[PlannedTask]:
        tasks = {task.key: task for task in self.approach.tasks}
        graph = graph_of(tasks, self.approach.edges)
        yield from (
            tasks[key] for key in nx.lexicographical_topological_sort(graph, key=lambda key: (tasks[key].phase, key))
        )

    def work(self, until_phase: int = 7) -> None:
        for task in self.ordered():
            if task.phase > until_phase:
                break
            result = self.accept(
                task.capability,
                phase=task.phase,
                parameters=dict(task.parameters),
                produces=list(task.produces),
                consumes=list(task.consumes),
            )
            # What nobody promises, somebody else could promise, and two would write one file.
            assert set(result.tree) <= set(task.produces), task.key

    def gate(self, phase: int) -> list[CheckResult]:
        """Every check of a gate on what is there, after its reviews; manual requirements are ticked."""
        definition = DEFINITIONS[phase - 1]
        fresh = set()
        for capability in definition.reviews:
            name = capability.rpartition(".")[2]
            self.review(phase, name)
            fresh.add(f"reviews/phase{phase}/{name}.json")
        return checks_for(definition.code, self.material(phase, frozenset(fresh)))

    def material(self, phase: int, fresh: frozenset[str]) -> Material:
        definition = DEFINITIONS[phase - 1]
        empty = {n: LIBRARY.why_empty(self.goal.kind, n) for n in range(1, 8)}
        found = self.document("requirements/requirements.json")["requirements"]
        return Material(
            code=definition.code,
            phase=phase,
            goal_kind=self.goal.kind,
            files=self.tree,
            brief=self.goal.brief.encode(),
            facts=self.facts,
            blocking=definition.blocking_checks,
            advisory=definition.advisory_checks,
            required_artifacts=definition.required_artifacts,
            reviews=definition.reviews,
            fresh_reviews=fresh,
            requirements=[RequirementFact(r["number"], r["kind"], r["text"], ticked=True) for r in found],
            questions=[QuestionFact(q["key"], q["text"], q["default"]) for q in self.facts["questions"]],
            approaches=[
                ApproachFact(a.name, a is self.approach, a.score.as_dict() if hasattr(a.score, "as_dict") else {"t": 1})
                for a in self.goal.approaches
            ],
            tasks=[
                TaskFact(t.key, t.title, t.phase, "completed", produces=t.produces, capability=t.capability)
                for t in self.approach.tasks
            ],
            notes=empty,
            recorded={path: sha256(content).hexdigest() for path, content in self.tree.items()},
        )
