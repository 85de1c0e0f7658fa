"""Preconditions: a small declarative vocabulary over facts, choices and artifacts, that explains itself.

A condition is data (:class:`Condition`, made from YAML by :mod:`apps.planning.library`); :func:`refusal` says in words
why it does not hold. Facts never change while a plan is made, choices and artifacts are only added. What was chosen is
settled before any task runs, so it is the same in every order of the tasks; an artifact that is there stays there. Only
a condition that an artifact is *not* there could cease to hold while tasks run (:func:`may_cease`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from apps.engine.facts import Facts
from apps.engine.facts.forbidden import ruled_out

COUNTED = ("features", "entities", "users", "sentences", "questions")


@dataclass(frozen=True)
class Condition:
    """``op`` is a key of OPERATIONS; ``value`` is that operation's argument, a tuple or a nested condition."""

    op: str
    value: Any

    def __str__(self) -> str:
        return f"{self.op}: {_readable(self.value)}"


@dataclass(frozen=True)
class Situation:
    """What a condition is judged against: the brief's facts, the choices made and the artifacts there will be."""

    facts: Facts
    choices: Mapping[str, str]
    artifacts: frozenset[str]


def refusal(condition: Condition, situation: Situation) -> str:
    """Why the condition does not hold, or an empty string if it does.

    >>> here = Situation(Facts("report", "A", "en"), {"storage": "files"}, frozenset())
    >>> refusal(Condition("kind", ("report",)), here)
    ''
    >>> refusal(Condition("chosen", (("storage", ("sqlite",)),)), here)
    'storage is files, not sqlite'
    >>> refusal(Condition("not", Condition("kind", ("report",))), here)
    'the opposite is asked for: kind: report'
    """
    return OPERATIONS[condition.op](condition.value, situation)


def _readable(value: Any) -> str:
    if isinstance(value, tuple):
        return ", ".join(_readable(part) for part in value)
    return str(value)


def _kind(kinds: tuple[str, ...], at: Situation) -> str:
    return "" if at.facts.kind in kinds else f"the goal is a {at.facts.kind}, not {' or '.join(kinds)}"


def _count(name: str) -> Callable[[tuple[int, int | None], Situation], str]:
    def check(bounds: tuple[int, int | None], at: Situation) -> str:
        least, most = bounds
        there = len(getattr(at.facts, name))
        if there < least:
            return f"the brief has {there} {name}, fewer than {least}"
        if most is not None and there > most:
            return f"the brief has {there} {name}, more than {most}"
        return ""

    return check


def _quality(names: tuple[str, ...], at: Situation) -> str:
    there = {quality.name for quality in at.facts.qualities}
    return "" if there & set(names) else f"the brief does not ask for {' or '.join(names)}"


def _constraint(kinds: tuple[str, ...], at: Situation) -> str:
    there = {constraint.kind for constraint in at.facts.constraints}
    return "" if there & set(kinds) else f"the brief sets no {' or '.join(kinds)}"


def _mentions(words: tuple[str, ...], at: Situation) -> str:
    text = " ".join([at.facts.title, *(sentence.text for sentence in at.facts.sentences)]).lower()
    return "" if any(word.lower() in text for word in words) else f"the brief does not mention {' or '.join(words)}"


def _forbids(words: tuple[str, ...], at: Situation) -> str:
    found = forbidden_word(words, at.facts)
    return "" if found else f"the brief does not forbid {' or '.join(words)}"


def _chosen(wanted: tuple[tuple[str, tuple[str, ...]], ...], at: Situation) -> str:
    for name, values in wanted:
        there = at.choices.get(name, "not chosen")
        if there not in values:
            return f"{name} is {there}, not {' or '.join(values)}"
    return ""


def _artifact(paths: tuple[str, ...], at: Situation) -> str:
    missing = [path for path in paths if path not in at.artifacts]
    return f"nothing before it produces {', '.join(missing)}" if missing else ""


def _not(inner: Condition, at: Situation) -> str:
    return "" if refusal(inner, at) else f"the opposite is asked for: {inner}"


def _any(inner: tuple[Condition, ...], at: Situation) -> str:
    reasons = [refusal(condition, at) for condition in inner]
    return "" if not all(reasons) else "; and ".join(reasons)


def _all(inner: tuple[Condition, ...], at: Situation) -> str:
    return next((reason for condition in inner if (reason := refusal(condition, at))), "")


OPERATIONS: dict[str, Callable[[Any, Situation], str]] = {
    "kind": _kind,
    "quality": _quality,
    "constraint": _constraint,
    "mentions": _mentions,
    "forbids": _forbids,
    "chosen": _chosen,
    "artifact": _artifact,
    "not": _not,
    "any": _any,
    "all": _all,
    **{name: _count(name) for name in COUNTED},
}


def rests_on(condition: Condition, situation: Situation) -> tuple[str, ...]:
    """The artifacts on which the truth of a condition rests; it must hold in the situation.

    >>> here = Situation(Facts("report", "A", "en"), {}, frozenset({"x", "y"}))
    >>> there = Condition("artifact", ("x",))
    >>> rests_on(Condition("any", (Condition("kind", ("library",)), there)), here)
    ('x',)
    """
    if condition.op == "artifact":
        return tuple(condition.value)
    if condition.op == "all":
        return tuple(path for inner in condition.value for path in rests_on(inner, situation))
    if condition.op == "any":
        held = next((inner for inner in condition.value if not refusal(inner, situation)), None)
        return rests_on(held, situation) if held is not None else ()
    return ()


def may_cease(condition: Condition, *, under_not: bool = False) -> str:
    """Why a condition could be false later though it holds now: it asks that an artifact is not there.

    >>> may_cease(Condition("not", Condition("artifact", ("x",))))
    'it asks that x is not there, which no order of the tasks can promise'
    """
    if condition.op == "not":
        return may_cease(condition.value, under_not=True)
    if condition.op in ("any", "all"):
        return next((words for inner in condition.value if (words := may_cease(inner, under_not=under_not))), "")
    if condition.op == "artifact" and under_not:
        return f"it asks that {', '.join(condition.value)} is not there, which no order of the tasks can promise"
    return ""


def forbidden_word(words: tuple[str, ...], facts: Facts) -> tuple[str, int] | None:
    """The first of the words that a must-not clause of the brief names, with its sentence.

    >>> from apps.engine.facts import extract_facts
    >>> forbidden_word(("sqlite", "database"), extract_facts("A", "An app. No database; use files."))
    ('database', 2)
    >>> forbidden_word(("database",), extract_facts("A", "An app. It must not depend on a database server."))
    """
    for constraint in facts.constraints_of("must_not"):
        parts = ruled_out(constraint.text)
        for word in words:
            if word in parts or f"{word}s" in parts:
                return word, constraint.sentence
    return None
