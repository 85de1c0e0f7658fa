"""What the model is shown: this goal's brief, what was read of it, and the library. Nothing else that is here."""

from typing import Any

from apps.engine.facts import Facts
from apps.engine.methods import Library, Primitive
from apps.planning.thinking.judging import Judge
from apps.planning.thinking.reach import possible, reach_of


def of_brief(facts: Facts) -> dict[str, Any]:
    """The brief by its numbered sentences, whole."""
    return {
        "title": facts.title,
        "kind": facts.kind,
        "sentences": [{"number": sentence.number, "text": sentence.text} for sentence in facts.sentences],
    }


def of_facts(facts: Facts) -> dict[str, Any]:
    known = facts.as_dict()
    lists = ("features", "entities", "users", "qualities", "constraints")
    return {**of_brief(facts), "known": {name: known[name] for name in lists}}


def of_library(library: Library, facts: Facts, judge: Judge) -> dict[str, Any]:
    """The tasks for which a way can be proposed, with the known ways, and the tasks that there are."""
    reach = reach_of(library, facts)
    tasks = {
        name: {
            "title": compound.title,
            "ways": {method.name: [step.task for step in method.steps] for method in possible(compound, facts)},
            "must_produce": sorted(judge.always_made(name, reach))[:60],
        }
        for name, compound in reach.once.items()
        if any(method.steps for method in compound.methods)
    }
    return {
        **of_brief(facts),
        "features": [feature.slug for feature in facts.features],
        "entities": [entity.slug for entity in facts.entities],
        "tasks": tasks,
        "known_tasks": {name: _primitive(one) for name, one in library.primitives.items()},
        "capabilities": sorted(judge.capabilities),
        "choices": {choice: sorted(values) for choice, values in reach.choices.items()},
    }


def _primitive(primitive: Primitive) -> dict[str, Any]:
    estimate = primitive.estimate
    return {
        "capability": primitive.capability,
        "phase": primitive.phase,
        "consumes": list(primitive.consumes),
        "produces": list(primitive.produces),
        "minutes": [estimate.optimistic, estimate.likely, estimate.pessimistic],
    }
