"""Whether a proposed way can be planned: names, estimates, words, and a trial of the whole plan with it.

The trial is the real decomposition and the real edges: their named errors are the words for a repair.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from apps.engine.edges import connect
from apps.engine.facts import Facts
from apps.engine.htn import Chooser, Domain, PlannedTask, State, decompose
from apps.engine.methods import Compound, Library, Method, Primitive
from apps.engine.templates import PLACEHOLDER
from apps.planning.thinking.answers import SaidWay, WaysAnswer
from apps.planning.thinking.dialogue import Unfit
from apps.planning.thinking.reach import Reach, possible, reach_of
from apps.planning.thinking.ways import Way, extended, only_with, way_of

# Estimates beyond these multiples of the library's own for a capability are no estimates.
SHORTEST, LONGEST = 0.5, 20.0
# What stands under these names is written by gates and reviews, or by people.
RESERVED = ("reviews/", "gates/", "strategic_prompt.txt", "task_packet.json", "validation_report.json", "manifest.json")
_IN_PATHS = {"slug", "module", "entity_module", ""}
LEAST_CRITERION = 3  # words


@dataclass(frozen=True)
class Judge:
    """Judges ways for one brief. ``capabilities`` are those of the registry; ``unspeakable`` are texts that no title,
    sentence or path may contain, each with the reason."""

    library: Library
    facts: Facts
    answers: Mapping[str, str]
    capabilities: frozenset[str]
    model: str
    unspeakable: Mapping[str, str] = field(default_factory=dict)

    def check(self, answer: WaysAnswer) -> list[Way]:
        """The ways of an answer. Raises ``Unfit`` with everything that is wrong with any of them."""
        reach, problems, found = reach_of(self.library, self.facts), [], []
        for said in answer.ways:
            way, words = self._way(said, reach)
            problems += words
            if way is not None and not words:
                found.append(way)
        if not problems and len({(way.of, way.method.name) for way in found}) < len(found):
            problems.append("Two ways have the same name.")
        if not problems and len(found) > 1:
            problems += self._together(found)
        if problems:
            raise Unfit(problems)
        return found

    def _way(self, said: SaidWay, reach: Reach) -> tuple[Way | None, list[str]]:
        if said.of not in reach.once:
            return None, [f"'{said.of}' is none of the tasks for which a way can be proposed: {', '.join(reach.once)}."]
        if any(method.name == said.name for method in self.library.compounds[said.of].methods):
            return None, [f"'{said.of}' has a way called '{said.name}' already."]
        way, problems = way_of(self.library, said, self.model)
        if way is None:
            return None, problems
        problems = [*self._names(way, reach), *self._tasks(way, reach), *self._spoken(said)]
        return way, problems or self._trial(way, reach)

    def _names(self, way: Way, reach: Reach) -> Iterator[str]:
        for step in way.method.steps:
            if step.task in way.primitives or step.task in self.library.primitives:
                continue
            if step.task not in self.library.compounds:
                yield f"The step '{step.task}' is neither a known task nor one of the new ones."
            elif way.of in _below(self.library, step.task):
                yield f"The step '{step.task}' leads back to '{way.of}', so that it would never end."
        for name in way.primitives.keys() - {step.task for step in way.method.steps}:
            yield f"The new task '{name}' is no step of the way."
        for choice, values in only_with(way.method).items():
            if unknown := set(values) - set(reach.choices.get(choice, {})):
                yield f"only_with: '{choice}' can't be {', '.join(sorted(unknown))} for this brief."

    def _tasks(self, way: Way, reach: Reach) -> Iterator[str]:
        phases = _phases(self.library, way.of, self.facts)
        for name, task in way.primitives.items():
            where = f"The new task '{name}'"
            if task.capability not in self.capabilities:
                known = ", ".join(sorted(self.capabilities))
                yield f"{where} names the capability '{task.capability}', which no agent has; there are {known}."
            if phases and task.phase not in phases:
                yield f"{where} is in phase {task.phase}; '{way.of}' has its work in {', '.join(map(str, phases))}."
            yield from (f"{where} {words}" for words in _paths(task))
            yield from (f"{where} {words}" for words in self._estimate(task))
            for line in task.acceptance:
                if len(line.split()) < LEAST_CRITERION:
                    yield f"{where} has the acceptance criterion '{line}', which says too little to be checked."

    def _estimate(self, task: Primitive) -> Iterator[str]:
        known = [one.estimate.expected for one in self.library.primitives.values()]
        same = [one.estimate.expected for one in self.library.primitives.values() if one.capability == task.capability]
        least, most = SHORTEST * min(same or known), LONGEST * max(same or known)
        if not least <= task.estimate.expected <= most:
            yield (
                f"takes {task.estimate.expected:.3g} minutes by its estimate; tasks with the capability "
                f"{task.capability} take from {least:.3g} to {most:.3g}."
            )

    def _spoken(self, said: SaidWay) -> Iterator[str]:
        spoken = said.model_dump_json().casefold()
        for text, why in self.unspeakable.items():
            if text.casefold() in spoken:
                yield f"The way '{said.name}' {why}."

    def _trial(self, way: Way, reach: Reach) -> list[str]:
        """Plan with the way, and hold the result against what the library's own ways have in common."""
        library = extended(self.library, [way])
        wanted = {choice: values[0] for choice, values in only_with(way.method).items()}
        made, problem = self._made(library, way.of, way.method.name, wanted)
        if made is None:
            return [f"With the way '{way.method.name}' there is no plan: {problem}"]
        always = self.always_made(way.of, reach)
        missing = sorted(always - made)
        return (
            [f"The way '{way.method.name}' leaves out {', '.join(missing[:8])}, which every plan has."]
            if missing
            else []
        )

    def always_made(self, of: str, reach: Reach) -> frozenset[str]:
        """The artifacts that a plan has whichever of the library's ways is taken."""
        common: set[str] | None = None
        for method in possible(reach.once[of], self.facts):
            made, _ = self._made(self.library, of, method.name, _asked_for(method))
            if made is not None:
                common = set(made) if common is None else common & made
        return frozenset(common or ())

    def _together(self, ways: Sequence[Way]) -> list[str]:
        _, problem = self._made(extended(self.library, list(ways)), ways[0].of, ways[0].method.name, {})
        return [f"The ways together leave no plan: {problem}"] if problem else []

    def _made(
        self, library: Library, of: str, name: str, wanted: Mapping[str, str]
    ) -> tuple[frozenset[str] | None, str]:
        """What a plan that takes this method makes; or why there is none."""
        domain = Domain(library, self.facts, self.answers)
        try:
            state = decompose(domain, prefer(of, name, wanted))
            tasks, _ = connect(state.tasks, library.given, state.orders)
        except (ValueError, LookupError) as error:
            return None, str(error.args[0] if isinstance(error, LookupError) else error)
        if (of, name) not in state.taken:
            return None, f"the way can't be taken for this brief (only_with: {dict(wanted)})."
        words = unsafe(tasks)
        return (None, words) if words else (state.artifacts, "")


def prefer(of: str, name: str, wanted: Mapping[str, str]) -> Chooser:
    """A chooser that takes this method, and makes these choices, wherever it can."""

    def choose(state: State, compound: Compound, methods: Sequence[Method]) -> Sequence[Method]:
        def rank(method: Method) -> int:
            mine = compound.name == of and method.name == name
            fits = any(wanted.get(choice) == value for choice, value in method.chooses.items())
            return 0 if mine or fits else 1

        return sorted(methods, key=rank)

    return choose


def unsafe(tasks: Iterable[PlannedTask]) -> str:
    """Why a filled path can't stay in the workspace, or nothing."""
    for task in tasks:
        for path in task.produces:
            parts = path.split("/")
            if path.startswith("/") or "\\" in path or any(part in ("", ".", "..") for part in parts):
                return f"'{task.key}' would write to '{path}', outside of the workspace."
    return ""


def _paths(task: Primitive) -> Iterator[str]:
    for path in (*task.produces, *task.consumes):
        for _, attribute in PLACEHOLDER.findall(path):
            if attribute not in _IN_PATHS:
                yield f"has '{path}' with a placeholder that is no part of a path."
    for path in task.produces:
        if path.startswith(RESERVED):
            yield f"would write '{path}', which gates, reviews or people write."


def _phases(library: Library, of: str, facts: Facts) -> list[int]:
    """The phases in which the library does this task."""
    names = _below(library, of)
    return sorted({library.primitives[name].phase for name in names if name in library.primitives})


def _below(library: Library, name: str) -> set[str]:
    """The task and everything that its methods can come to."""
    found: set[str] = set()
    todo = [name]
    while todo:
        one = todo.pop()
        if one in found:
            continue
        found.add(one)
        if one in library.compounds:
            todo += [step.task for method in library.compounds[one].methods for step in method.steps]
    return found


def _asked_for(method: Method) -> dict[str, str]:
    return {choice: values[0] for choice, values in only_with(method).items()}
