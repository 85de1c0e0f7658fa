"""Which open points are worth a person's time: those whose answer changes the plan, each with what it would change.

Every answer is tried: the goal is decomposed again with that answer and with everything else as the proposed approach
has it, and the tasks are compared. A question whose every answer gives the same tasks is not asked; its default is an
assumption of the plan.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from apps.engine.approaches import Approach, Exploration
from apps.engine.conditions import Situation, refusal
from apps.engine.facts import KINDS, Facts, Question
from apps.engine.htn import Domain, NoDecomposition, PlannedTask, decompose
from apps.engine.methods import Compound, Library, Method
from apps.engine.planner import Settings, plan
from apps.engine.thoughts import NoApproach

MOST_QUESTIONS = 5
# Choices about how the work is done rather than about what is wanted: the approaches show them side by side.
PLANNERS_OWN = frozenset({"structure", "verification"})


@dataclass(frozen=True)
class Effect:
    """What another answer would change: tasks by key, and minutes of work (agent minutes, expected)."""

    option: str
    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]
    minutes: float

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)

    def __str__(self) -> str:
        """In words with numbers.

        >>> str(Effect("files", ("a", "b"), ("c",), (), -90.0)), str(Effect("memory", (), (), ("d",), 0.0))
        ('files: +2 -1 tasks, 1.5 h less work', 'memory: 1 task done otherwise')
        """
        parts = []
        if self.added or self.removed:
            signs = [f"+{len(self.added)}"] * bool(self.added) + [f"-{len(self.removed)}"] * bool(self.removed)
            count = len(self.added) + len(self.removed)
            parts.append(f"{' '.join(signs)} task{'' if count == 1 else 's'}")
        elif self.changed:
            parts.append(f"{len(self.changed)} task{'' if len(self.changed) == 1 else 's'} done otherwise")
        if abs(self.minutes) >= _LEAST_TOLD:
            parts.append(f"{_time(abs(self.minutes))} {'more' if self.minutes > 0 else 'less'} work")
        return f"{self.option}: {', '.join(parts)}"


_LEAST_TOLD = 0.05


def _time(minutes: float) -> str:
    if minutes < 1:
        return f"{max(1, round(minutes * 60))} s"
    return f"{minutes / 60:.1f} h" if minutes >= 60 else f"{minutes:.2g} min"


Reader = Callable[[str], Facts]


def asked(
    explored: Exploration, library: Library, settings: Settings, *, read_as: Reader | None = None
) -> tuple[Question, ...]:
    """At most MOST_QUESTIONS questions whose answers change the tasks, those about the kind first.

    ``default`` is what the proposed approach has, ``options`` begins with it, and ``changes`` says what each other
    option would change. ``read_as`` reads the brief again for another kind, for a report has other parts than a
    service; without it the facts stay as they are. A question that is answered already is not asked again.
    """
    best = explored.approaches[explored.best]
    asking = _Asking(explored.facts, library, settings, best, read_as)
    found: list[Question] = []
    for question in asking.candidates():
        if len(found) == MOST_QUESTIONS:
            break
        if judged := asking.judge(question):
            found.append(judged)
    return tuple(found)


def with_asked(facts: Facts, questions: Sequence[Question]) -> Facts:
    """The facts with these questions as they are asked, and every other open point as it was."""
    fresh = {question.key: question for question in questions}
    kept = [fresh.pop(question.key, question) for question in facts.questions]
    return replace(facts, questions=(*kept, *fresh.values()))


@dataclass(frozen=True)
class _Asking:
    facts: Facts
    library: Library
    settings: Settings
    best: Approach
    read_as: Reader | None = None

    def candidates(self) -> Iterator[Question]:
        """The points that the facts leave open, then the library's choices that nothing in the brief decides."""
        named = {question.key for question in self.facts.questions}
        yield from (question for question in self.facts.questions if question.options)
        settled = named | PLANNERS_OWN | {"storage", "pages"}
        for label, name in self.best.methods.items():
            compound = self.library.compounds[label.split("[", 1)[0]]
            taken = next(method for method in compound.methods if method.name == name)
            for key, value in taken.chooses.items():
                if key not in settled and "[" not in label:
                    settled.add(key)
                    yield from self._open_choice(compound, key, value)

    def _open_choice(self, compound: Compound, key: str, taken: str) -> Iterator[Question]:
        """A choice of the library as a question, unless the brief speaks for one of its methods by name."""
        here = Situation(self.facts, {}, frozenset())
        if any(_is_named(method, here) for method in compound.methods):
            return
        titles = {method.chooses[key]: method.title for method in compound.methods if key in method.chooses}
        options = (taken, *(value for value in titles if value != taken))
        if len(options) > 1:
            text = f"{compound.title}: {' or '.join(f'{titles[value]} ({value})' for value in options)}?"
            yield Question(key, text, taken, "", 1, options)

    def judge(self, question: Question) -> Question | None:
        """The question with its default and effects, or None if it does not matter how it is answered."""
        if question.key in self.settings.answers:
            return None
        default = self.facts.kind if question.key == "kind" else self.best.choices.get(question.key, "")
        if not default:
            return None
        effects = []
        possible = [default]
        for option in question.options:
            effect = self._effect(question.key, option) if option != default else None
            if effect is not None:
                possible.append(option)
                effects.append(effect)
        told = "; ".join(str(effect) for effect in effects if effect)
        return replace(question, default=default, options=tuple(possible), changes=told) if told else None

    def _effect(self, key: str, option: str) -> Effect | None:
        """What this answer changes; None where no plan can follow it."""
        try:
            tasks = self._kind_tasks(option) if key == "kind" else self._tasks(key, option)
        except (NoDecomposition, NoApproach):
            return None
        before = {task.key: task for task in self.best.tasks}
        after = {task.key: task for task in tasks}
        return Effect(
            option,
            added=tuple(sorted(after.keys() - before.keys())),
            removed=tuple(sorted(before.keys() - after.keys())),
            changed=tuple(sorted(k for k in after.keys() & before.keys() if _differ(after[k], before[k]))),
            minutes=_minutes(after) - _minutes(before),
        )

    def _tasks(self, key: str, option: str) -> Sequence[PlannedTask]:
        pinned: Mapping[str, str] = {**self.best.choices, key: option}
        return decompose(Domain(self.library, self.facts, pinned)).tasks

    def _kind_tasks(self, kind: str) -> Sequence[PlannedTask]:
        """The tasks of another kind: what it is laid out like is chosen anew."""
        if kind not in KINDS:
            return self.best.tasks
        answers = {name: value for name, value in self.settings.answers.items() if name != "kind"}
        quick = replace(self.settings, answers=answers, finalists=1, beam=1, deadline=_at_once)
        facts = self.read_as(kind) if self.read_as else replace(self.facts, kind=kind)
        return plan(facts, self.library, quick).approaches[0].tasks


def _at_once() -> bool:
    return True


def _is_named(method: Method, here: Situation) -> bool:
    return any(fit.when.op == "mentions" and fit.by < 0 and not refusal(fit.when, here) for fit in method.fits)


def _differ(one: PlannedTask, other: PlannedTask) -> bool:
    """Whether two tasks of one key ask for different work."""
    return any(getattr(one, name) != getattr(other, name) for name in _SUBSTANCE)


_SUBSTANCE = ("title", "capability", "consumes", "produces", "acceptance", "description")


def _minutes(tasks: Mapping[str, PlannedTask]) -> float:
    return sum(task.estimate.expected for task in tasks.values())
