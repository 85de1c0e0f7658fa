"""An approach that somebody wants again: the choices of a template, made for another brief.

What an approach decides are its named choices (storage, structure, …); everything else follows from the brief. So the
choices are what is taken over: each is pinned as an answer to a question would be, and the methods of the library do
the rest. A choice that the brief, an answer or the library rules out is left to the planner, and words say so.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from apps.engine.approaches import Approach, Exploration, explain
from apps.engine.facts import Facts
from apps.engine.htn import ContradictingChoice, Domain, NoDecomposition, TooDeep, decompose
from apps.engine.methods import Library
from apps.engine.planner import Settings, plan, scored, usable_answers

MOST_APPROACHES = 4
NAME_LIMIT = 120


@dataclass(frozen=True)
class Template:
    """What a plan is to be made like: the name people gave it, what it makes, and the choices of its approach."""

    name: str
    kind: str
    choices: Mapping[str, str]

    def mark(self, name: str) -> str:
        """The name of the approach that comes from this template.

        >>> Template("Small shop", "web_application", {}).mark("Layered, files")
        'Layered, files (from template “Small shop”)'
        """
        told = f" (from template “{self.name}”)"
        return name[: NAME_LIMIT - len(told)] + told if len(told) < NAME_LIMIT else name


@dataclass(frozen=True)
class Preferred:
    """The exploration with the template's approach first (``found``), or as it was; and what can't be as it was there,
    in words."""

    explored: Exploration
    found: bool
    words: tuple[str, ...]


def prefer(explored: Exploration, library: Library, settings: Settings, template: Template) -> Preferred:
    """Put the approach that the template's choices lead to in front of the others. Raises nothing of its own."""
    facts, words = explored.facts, []
    if template.kind and template.kind != facts.kind:
        words.append(f"The template is for {_named(template.kind)}, and this brief asks for {_named(facts.kind)}.")
    pinned, refused = _possible(facts, library, settings, template)
    words += refused
    if not pinned:
        return Preferred(explored, False, (*words, "None of the template's choices fits, so the planner chose."))
    try:
        asked = {**settings.answers, **pinned}
        own = plan(facts, library, replace(settings, answers=asked, finalists=1)).approaches[0]
    except (ValueError, LookupError) as error:
        return Preferred(explored, False, (*words, f"No plan can be made by the template's choices: {error}"))
    own = replace(own, assumptions=tuple(dict.fromkeys((*words, *own.assumptions))))
    return Preferred(_first(explored, own, settings, template), True, tuple(words))


def _possible(
    facts: Facts, library: Library, settings: Settings, template: Template
) -> tuple[dict[str, str], list[str]]:
    """The choices that can be made again, and why the others can't."""
    answered, _ = usable_answers(library, settings.answers)
    known, _ = usable_answers(library, {name: str(value) for name, value in template.choices.items()})
    pinned: dict[str, str] = {}
    words = []
    for name, value in template.choices.items():
        if name == "kind":
            continue
        if answered.get(name, value) != value:
            words.append(f"You answered {answered[name]} for {name}, where the template has {value}.")
        elif name not in known:
            words.append(f"The method library has no {value} for {name} any more.")
        else:
            wanted = {**answered, **pinned, name: str(value)}
            made = _choices(Domain(library, facts, wanted))
            if made is None:
                words.append(
                    f"The template's {value} for {name} can't be had here: the brief or another choice is against it."
                )
            elif name not in made:
                words.append(f"Nothing is chosen for {name} here, where the template has {value}.")
            else:
                pinned[name] = str(value)
    return pinned, words


def _choices(domain: Domain) -> dict[str, str] | None:
    """The choices of some plan that keeps to these answers; None where there is no such plan."""
    try:
        return dict(decompose(domain).choices)
    except (NoDecomposition, ContradictingChoice, TooDeep):
        return None


def _first(explored: Exploration, own: Approach, settings: Settings, template: Template) -> Exploration:
    """The others in their order behind it, without its twin; all are judged against each other anew."""
    others = [one for one in explored.approaches if not _same(one, own)][: MOST_APPROACHES - 1]
    twin = next((one for one in explored.approaches if _same(one, own)), None)
    name = twin.name if twin is not None else own.name
    judged = scored([replace(own, name=name), *others], settings.weights)
    by_points = sorted(judged, key=lambda approach: -approach.score.total)
    reason = (
        f"'{name}' is proposed first because it comes from the template “{template.name}”. By points alone: "
        f"{explain(by_points, settings.weights)}"
    )
    first = replace(judged[0], name=template.mark(name))
    rest = sorted(judged[1:], key=lambda approach: -approach.score.total)
    return replace(explored, approaches=(first, *rest), best=0, reason=reason)


def _same(one: Approach, other: Approach) -> bool:
    return {task.key for task in one.tasks} == {task.key for task in other.tasks}


def _named(kind: str) -> str:
    words = kind.replace("_", " ")
    return f"an {words}" if words[:1] in "aeiou" else f"a {words}"
