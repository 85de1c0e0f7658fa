"""What of a library a brief can reach at all: its tasks, and the choices between which it can still go."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from apps.engine.conditions import Condition, Situation, forbidden_word, refusal
from apps.engine.facts import Facts
from apps.engine.methods import Compound, Library, Method

# What is not known before a plan is made: such a condition does not keep a method from being looked at.
_LATER = {"chosen", "artifact"}


@dataclass
class Reach:
    """The compound tasks that a plan may meet, how often at most (``once`` or for each feature or entity), and the
    values of each choice with the titles of the methods that make them; ``compared`` tell approaches apart."""

    once: dict[str, Compound] = field(default_factory=dict)
    many: set[str] = field(default_factory=set)
    choices: dict[str, dict[str, str]] = field(default_factory=dict)
    compared: set[str] = field(default_factory=set)


def reach_of(library: Library, facts: Facts) -> Reach:
    """Everything within reach of the library's root for these facts."""
    found = Reach()
    todo: list[tuple[str, bool]] = [(library.root, False)]
    seen: set[tuple[str, bool]] = set()
    while todo:
        name, repeated = todo.pop()
        if (name, repeated) in seen or name not in library.compounds:
            continue
        seen.add((name, repeated))
        compound = library.compounds[name]
        if repeated:
            found.many.add(name)
        for method in possible(compound, facts):
            for choice, value in method.chooses.items():
                found.choices.setdefault(choice, {}).setdefault(value, method.title)
                if compound.distinguishes:
                    found.compared.add(choice)
            todo.extend((step.task, repeated or bool(step.for_each)) for step in method.steps)
    found.once = {name: library.compounds[name] for name, repeated in sorted(seen) if not repeated}
    for name in found.many:
        found.once.pop(name, None)
    return found


def possible(compound: Compound, facts: Facts) -> Iterator[Method]:
    """The methods that the brief alone does not rule out."""
    here = Situation(facts, {}, frozenset())
    for method in compound.methods:
        now = [condition for condition in method.when if not _operations(condition) & _LATER]
        if not forbidden_word(method.uses, facts) and not any(refusal(condition, here) for condition in now):
            yield method


def open_choices(reach: Reach, answers: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """The choices with at least two values that nobody has answered.

    Those that tell approaches apart are left out: people see them side by side, and choose there.
    """
    return {
        choice: dict(values)
        for choice, values in reach.choices.items()
        if len(values) > 1 and choice not in answers and choice not in reach.compared
    }


def _operations(condition: Condition) -> set[str]:
    inner = condition.value if condition.op in ("any", "all") else (condition.value,) if condition.op == "not" else ()
    return {condition.op}.union(*(_operations(each) for each in inner))
