"""Who may do what: roles, scopes and actions as data, read by pages, API and sockets alike.

``allows`` answers with ``Allowed`` or with ``Refused`` and the sentence that a person reads; ``require`` raises it as
``NotAllowed``. Groups are not asked here: they say for whom somebody votes, and the gates look at them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from apps.core.errors import NotAllowed

# What each action is called in a sentence: "You may not …".
ACTIONS: Mapping[str, str] = {
    "look": "look at this",
    "goal.submit": "submit goals",
    "goal.start": "start a plan",
    "goal.pause": "pause a goal",
    "goal.resume": "resume a goal",
    "goal.cancel": "cancel a goal",
    "goal.accept": "accept a deliverable",
    "goal.replan": "ask for a new plan",
    "facts.edit": "correct what was understood of a brief",
    "plan.edit": "choose an approach or edit a plan",
    "plan.activate": "activate a plan",
    "template.edit": "save or change templates",
    "requirement.tick": "tick requirements",
    "task.retry": "retry a task",
    "task.cancel": "cancel a task",
    "task.reassign": "give a task to another agent",
    "gate.vote": "vote at a gate",
    "condition.close": "close a condition",
    "question.answer": "answer questions",
    "escalation.resolve": "resolve escalations",
    "agent.edit": "change the registry of agents",
    "pool.edit": "change the pool",
    "library.edit": "change the method library",
    "gate_definition.edit": "change what a gate asks",
    "person.edit": "add or change people",
    "token.manage": "manage tokens",
}

_VIEWER = frozenset({"look", "token.manage"})
_OPERATOR = _VIEWER | {
    "goal.submit",
    "facts.edit",
    "goal.pause",
    "goal.resume",
    "task.retry",
    "task.cancel",
    "task.reassign",
    "gate.vote",
    "condition.close",
    "requirement.tick",
    "question.answer",
    "escalation.resolve",
}
_LEAD = _OPERATOR | {
    "goal.start",
    "goal.cancel",
    "goal.accept",
    "goal.replan",
    "plan.edit",
    "plan.activate",
    "template.edit",
}

ROLES: Mapping[str, frozenset[str]] = {
    "viewer": _VIEWER,
    "operator": _OPERATOR,
    "lead": _LEAD,
    "admin": frozenset(ACTIONS),
}

# What only a signed-in person's own session may do, whatever a token's scopes are (design, promise 2).
SESSION_ONLY = frozenset(
    {
        "goal.start",
        "goal.accept",
        "plan.activate",
        "gate.vote",
        "condition.close",
        "requirement.tick",
        "gate_definition.edit",
        "library.edit",
        "person.edit",
        "token.manage",
    }
)

SCOPES: Mapping[str, frozenset[str]] = {
    "read": frozenset({"look"}),
    "submit": frozenset({"goal.submit", "facts.edit", "goal.replan", "plan.edit", "template.edit"}),
    "operate": frozenset(
        {
            "goal.pause",
            "goal.resume",
            "goal.cancel",
            "task.retry",
            "task.cancel",
            "task.reassign",
            "question.answer",
            "escalation.resolve",
        }
    ),
    "registry": frozenset({"agent.edit", "pool.edit"}),
}


@dataclass(frozen=True)
class Allowed:
    """Yes."""

    def __bool__(self) -> bool:
        return True


@dataclass(frozen=True)
class Refused:
    """No, and why, as a person reads it."""

    sentence: str

    def __bool__(self) -> bool:
        return False


Answer = Allowed | Refused


def allows(person: Any, action: str, thing: Any = None) -> Answer:
    """Whether ``person`` may do ``action`` (to ``thing``). An unknown action is a programming error: ``KeyError``.

    A person who acts through a token carries its scopes in ``acting_scopes``; a session has none and is not limited.
    """
    words = ACTIONS[action]
    if not getattr(person, "is_authenticated", False):
        return Refused(f"Sign in to {words}.")
    if not person.is_active:
        return Refused("This account has been switched off. Ask an admin to switch it on.")
    scopes: Iterable[str] | None = getattr(person, "acting_scopes", None)
    if scopes is not None and action in SESSION_ONLY:
        return Refused(f"A token can't {words}, whatever its scopes: sign in and do it yourself.")
    if scopes is not None and not any(action in SCOPES.get(scope, ()) for scope in scopes):
        return Refused(f"This token may not {words}. It needs the scope {_scope_for(action)}.")
    if action not in ROLES.get(person.role, ()):
        return Refused(f"As {person.role} you may not {words}. {_who(action)} can.")
    if action == "token.manage" and thing is not None and thing.person_id != person.pk and person.role != "admin":
        return Refused("This is somebody else's token. Only they and an admin can manage it.")
    return Allowed()


def require(person: Any, action: str, thing: Any = None) -> None:
    """Raise ``NotAllowed`` with the sentence unless ``allows`` says yes."""
    answer = allows(person, action, thing)
    if isinstance(answer, Refused):
        raise NotAllowed(answer.sentence, action=action)


def may(person: Any) -> dict[str, bool]:
    """Every action and whether this person may do it: what pages ask to show or disable a control."""
    return {action: bool(allows(person, action)) for action in ACTIONS}


def _scope_for(action: str) -> str:
    return " or ".join(f"'{scope}'" for scope, actions in SCOPES.items() if action in actions)


def _who(action: str) -> str:
    roles = [role for role, actions in ROLES.items() if action in actions]
    named = [f"an {role}" if role[0] in "aeiou" else f"a {role}" for role in roles]
    text = named[0] if len(named) == 1 else f"{', '.join(named[:-1])} or {named[-1]}"
    return text[0].upper() + text[1:]
