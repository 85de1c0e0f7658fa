"""The registry of agents as pages show it."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from apps.accounts.models import Person
from apps.agents.models import RUNTIMES, Agent
from apps.agents.runtimes import REGISTRY
from apps.agents.selectors import registry
from apps.dashboard.pages.controls import Control, refusal
from apps.tasks.models import Attempt

RUNTIME_WORDS = {
    "local": "a program of this installation, in the sandbox",
    "llm": "a language model",
    "command": "a command on a worker's machine",
    "a2a": "a remote agent over A2A",
    "pull": "a service that asks for work",
    "human": "a person",
}
# What each move of an agent's status is called, and what it means.
MOVES = {
    "active": ("Activate", "player-play", "It is given tasks again."),
    "draining": ("Drain", "hourglass", "It finishes what it has and is given nothing new."),
    "disabled": ("Disable", "player-pause", "It is given nothing new."),
    "quarantined": ("Quarantine", "shield", "Something is wrong with it: it is given nothing until somebody looks."),
    "retired": ("Retire", "archive", "It leaves the registry for good. Its history stays."),
}
ATTEMPTS = 25


@dataclass(frozen=True)
class Score:
    """What is known of an agent: over all capabilities, or in one. Rates are 0 to 1, None without a try."""

    capability: str
    tries: int
    succeeded: int
    seconds: float
    cost: Decimal

    @property
    def rate(self) -> float | None:
        return self.succeeded / self.tries if self.tries else None

    @property
    def minutes(self) -> float | None:
        return self.seconds / self.tries / 60 if self.tries else None

    @property
    def cost_each(self) -> Decimal | None:
        return self.cost / self.tries if self.tries else None


def scores(agent: Agent) -> list[Score]:
    """By capability, those it has and has not been tried in included; reads what was fetched."""
    rows = {card.capability: card for card in agent.scorecards.all()}
    names = sorted({*rows, *(one.capability for one in agent.capabilities.all())})
    return [_score(name, rows.get(name)) for name in names]


def _score(name: str, card: Any) -> Score:
    if card is None:
        return Score(name, 0, 0, 0.0, Decimal(0))
    return Score(name, card.tries, card.succeeded, card.seconds_total, card.cost_total)


def total(agent: Agent) -> Score:
    cards = list(agent.scorecards.all())
    return Score(
        "",
        sum(card.tries for card in cards),
        sum(card.succeeded for card in cards),
        sum(card.seconds_total for card in cards),
        sum((card.cost_total for card in cards), Decimal(0)),
    )


def listed(person: Person, *, status: str = "") -> dict[str, Any]:
    """Every agent with its load and its record: three queries, whatever their number."""
    agents = list(registry())
    shown = [one for one in agents if not status or one.status == status]
    rows = [{"agent": one, "score": total(one), "load": _load(one), "runs": one.runtime in REGISTRY} for one in shown]
    return {"rows": rows, "number": len(agents), "edit_why_not": refusal(person, "agent.edit")}


def _load(agent: Any) -> float:
    return agent.busy / agent.max_concurrent if agent.max_concurrent else 0.0


def one(agent: Agent, person: Person) -> dict[str, Any]:
    """The page of an agent, read from ``registry()``: one query for its newest attempts."""
    attempts = Attempt.objects.filter(agent=agent).select_related("task", "goal")
    return {
        "agent": agent,
        "score": total(agent),
        "scores": scores(agent),
        "load": _load(agent),
        "runs": agent.runtime in REGISTRY,
        "runtime_words": RUNTIME_WORDS.get(agent.runtime, agent.runtime),
        "attempts": list(attempts.defer("packet", "result", "salvage").order_by("-dispatched_at")[:ATTEMPTS]),
        "moves": moves(agent, person),
        "edit_why_not": refusal(person, "agent.edit", agent),
    }


def moves(agent: Agent, person: Person) -> list[Control]:
    """The buttons that move its status, as its lifecycle allows."""
    why_not = refusal(person, "agent.edit", agent)
    found = []
    for status, (label, icon, words) in MOVES.items():
        if agent.lifecycle.allows(agent.status, status):
            confirm = words if status in ("retired", "quarantined") else ""
            href = f"/agents/{agent.slug}/move/{status}"
            found.append(Control(status, label, icon, href, why_not=why_not, bad=status == "retired", confirm=confirm))
    return found


def runtimes() -> list[dict[str, Any]]:
    """Every kind of runtime, and whether this installation can run it."""
    return [{"kind": kind, "words": RUNTIME_WORDS.get(kind, kind), "runs": kind in REGISTRY} for kind, _ in RUNTIMES]
