"""``docs/states.md``, drawn from the tables of ``engine.lifecycle``: the page can't say anything else than the code."""

from collections.abc import Iterator

from apps.engine.lifecycle import LIFECYCLES, Lifecycle

INTRODUCTION = """\
# States

Drawn from `apps/engine/lifecycle.py` by `python manage.py draw_states`. Don't edit this page: a test compares them.

A status is written by `apps.core.transitions` alone, which knows these tables. A move that is not drawn does not
exist: it is refused with `IllegalMove`. A move that somebody else made first is refused with `StaleState`.
"""

REMARKS = {
    "goal": "A running goal fails only by a person's decision. Pausing drains: what runs is finished, nothing starts.",
    "plan": "A new version supersedes the active one; finished work is kept.",
    "task": "Back to `blocked` is a rewind. What was completed comes back through `reopened`, under a new revision.",
    "attempt": "`dispatched` and `running` hold a slot, unless the agent is a person; nothing else does.",
    "gate": "`deciding` is the undo window. Back to `pending`: the round was superseded, or the clearance revoked.",
    "condition": "Only a person waives.",
    "agent": "Busy is derived from the attempts, never written.",
    "escalation": "An escalation whose cause has gone expires.",
}


def page() -> str:
    """The whole page."""
    return "\n".join([INTRODUCTION, *(_section(one) for one in LIFECYCLES.values())])


def diagram(lifecycle: Lifecycle) -> str:
    """One lifecycle as a Mermaid state diagram.

    >>> from apps.engine.lifecycle import CONDITION
    >>> print(diagram(CONDITION))
    stateDiagram-v2
        [*] --> open
        open --> met
        open --> waived
        met --> [*]
        waived --> [*]
    """
    return "\n".join(["stateDiagram-v2", *(f"    {line}" for line in _lines(lifecycle))])


def _lines(lifecycle: Lifecycle) -> Iterator[str]:
    yield f"[*] --> {lifecycle.initial}"
    order = {status: place for place, status in enumerate(lifecycle.statuses)}
    for old, following in lifecycle.moves.items():
        for new in sorted(following, key=order.__getitem__):
            yield f"{old} --> {new}"
        if not following:
            yield f"{old} --> [*]"


def _section(lifecycle: Lifecycle) -> str:
    thing = lifecycle.thing
    return f"## {thing.capitalize()}\n\n{REMARKS[thing]}\n\n```mermaid\n{diagram(lifecycle)}\n```\n"
