"""What is posted on the intake page, as corrections and answers; the rules are those of the planning."""

from collections.abc import Mapping
from typing import Any

ANSWER = "answer-"


def correction_of(posted: Mapping[str, Any]) -> dict[str, Any]:
    """The one correction that a small form holds: a fact, a verb, and a value where the verb takes one.

    >>> correction_of({"fact": "feature:print-note", "verb": "drop"})
    {'fact': 'feature:print-note', 'change': {'drop': True}}
    >>> correction_of({"fact": "entity:note", "verb": "fields", "value": "title, text,"})
    {'fact': 'entity:note', 'change': {'fields': ['title', 'text']}}
    """
    fact, verb, value = (str(posted.get(name, "")) for name in ("fact", "verb", "value"))
    change: Any = value
    if verb == "drop" and not fact.startswith("constraint:"):
        change = True
    elif verb == "fields":
        change = [name.strip() for name in value.split(",") if name.strip()]
    return {"fact": fact, "change": {verb: change}}


def answers_of(posted: Mapping[str, Any]) -> dict[str, str]:
    """The answers by the question's key.

    >>> answers_of({"answer-storage": "files", "act": "plan", "answer-pages": ""})
    {'storage': 'files'}
    """
    found = {name.removeprefix(ANSWER): str(posted[name]) for name in posted if name.startswith(ANSWER)}
    return {key: answer for key, answer in found.items() if answer.strip()}
