"""What a partial decomposition is worth: time, cost, risk and fit, known so far plus the least that can still come.

For a task not yet decided, each component is the minimum over its methods, taken by itself; the sum can only grow when
decisions are taken. So the value is optimistic (admissible), and a hard limit that it breaks cannot be kept later.
"""

import math
from dataclasses import dataclass

from apps.engine.conditions import Situation, refusal
from apps.engine.htn import Domain, State
from apps.engine.methods import Compound, Method, Primitive, Step

PARTS = ("time", "cost", "risk", "fit")


@dataclass(frozen=True)
class Weights:
    """How much time, cost, risk and fit count. They are used as shares of their sum."""

    time: float = 0.25
    cost: float = 0.15
    risk: float = 0.25
    fit: float = 0.35

    def total(self, time: float, cost: float, risk: float, misfit: float) -> float:
        """The weighted mean of four numbers from 0 to 1."""
        parts = (self.time, time), (self.cost, cost), (self.risk, risk), (self.fit, misfit)
        return sum(weight * part for weight, part in parts) / (sum(weight for weight, _ in parts) or 1.0)

    def shares(self) -> dict[str, float]:
        """Each weight as a share of their sum.

        >>> Weights(1, 1, 2, 0).shares()
        {'time': 0.25, 'cost': 0.25, 'risk': 0.5, 'fit': 0.0}
        """
        whole = (self.time + self.cost + self.risk + self.fit) or 1.0
        return {name: getattr(self, name) / whole for name in PARTS}


@dataclass(frozen=True)
class Value:
    """Expected agent minutes and cost of all tasks, risk (the chance that a named risk comes true), misfit (0 to 1),
    and their weighted mean relative to the worst choice everywhere: 0 is best."""

    minutes: float
    cost: float
    risk: float
    misfit: float
    total: float


@dataclass(frozen=True)
class Amount:
    """What is summed up: minutes, optimistic minutes, cost, optimistic cost, risk as -ln(1 - p), misfit points."""

    minutes: float = 0.0
    least_minutes: float = 0.0
    cost: float = 0.0
    least_cost: float = 0.0
    risk: float = 0.0
    misfit: float = 0.0

    def plus(self, other: "Amount", times: int = 1) -> "Amount":
        return Amount(
            self.minutes + other.minutes * times,
            self.least_minutes + other.least_minutes * times,
            self.cost + other.cost * times,
            self.least_cost + other.least_cost * times,
            self.risk + other.risk * times,
            self.misfit + other.misfit * times,
        )


def _parts(amount: Amount) -> tuple[float, ...]:
    return (
        amount.minutes,
        amount.least_minutes,
        amount.cost,
        amount.least_cost,
        amount.risk,
        amount.misfit,
    )


@dataclass(frozen=True)
class Limits:
    """Hard limits: the minutes there are until the deadline, the budget, and the slots to work in."""

    minutes: float | None = None
    budget: float | None = None
    slots: int = 1

    def exceeded(self, least: Amount) -> str:
        """Why the limits cannot be kept any more, in words, or nothing.

        >>> Limits(minutes=10, slots=2).exceeded(Amount(least_minutes=30))
        'at least 15 minutes on 2 slots, and the deadline leaves 10'
        """
        shortest = least.least_minutes / max(1, self.slots)
        if self.minutes is not None and shortest > self.minutes:
            return f"at least {shortest:.3g} minutes on {self.slots} slots, and the deadline leaves {self.minutes:.3g}"
        if self.budget is not None and least.least_cost > self.budget:
            return f"at least {least.least_cost:.2f} to spend, and the budget is {self.budget:.2f}"
        return ""


class Bounds:
    """The values of states of one domain. Bounds of compound tasks are computed once.

    Tasks of phases before ``first_phase`` cost nothing: what they would make was supplied.
    """

    def __init__(self, domain: Domain, weights: Weights, price: float, first_phase: int = 1) -> None:
        self.domain = domain
        self.weights = weights
        self.price = price
        self.first_phase = first_phase
        self._known: dict[tuple[str, bool], Amount] = {}
        self._open: set[str] = set()
        self._met_again: set[str] = set()
        self.reference = self._reference()

    def _reference(self) -> Amount:
        """The most that the worst methods can come to: what the parts are measured against."""
        start = self.domain.start()
        root = self.domain.library.task(self.domain.library.root, "the library's root")
        if not isinstance(root, Compound):
            return self._sum(start, worst=True)
        here = Situation(self.domain.facts, {}, start.artifacts)
        methods = [m for m in root.methods if not any(refusal(condition, here) for condition in m.when)]
        amounts = [self._method(method, worst=True) for method in methods]
        return _each(amounts, worst=True)

    def value(self, state: State) -> Value:
        amount = self._sum(state, worst=False)
        risk = 1.0 - math.exp(-amount.risk)
        misfit = _share(amount.misfit, self.reference.misfit)
        time = _share(amount.minutes, self.reference.minutes)
        cost = _share(amount.cost, self.reference.cost)
        return Value(amount.minutes, amount.cost, risk, misfit, self.weights.total(time, cost, risk, misfit))

    def least(self, state: State) -> Amount:
        """The least that the finished plan can come to."""
        return self._sum(state, worst=False)

    def _sum(self, state: State, *, worst: bool) -> Amount:
        minutes = least = own = 0.0
        for task in state.tasks:
            if task.phase < self.first_phase:
                continue
            minutes += task.estimate.expected
            least += task.estimate.optimistic
            own += task.cost
        total = Amount(minutes, least, own + minutes * self.price, own + least * self.price)
        situation = Situation(self.domain.facts, dict(state.choices), state.artifacts)
        for method in state.methods:
            total = total.plus(Amount(risk=_log_risk(method), misfit=misfit_of(method, situation)))
        for item in state.agenda:
            total = total.plus(self._task(item.task, worst=worst))
        return total

    def _task(self, name: str, *, worst: bool) -> Amount:
        known = self._known.get((name, worst))
        if known is not None:
            return known
        if name in self._open:
            self._met_again.add(name)
            return Amount()  # a task inside itself: nothing is the least it can add
        found = self.domain.library.task(name, "a method")
        if isinstance(found, Primitive):
            amount = self._primitive(found)
        else:
            self._open.add(name)
            amount = _each([self._method(method, worst=worst) for method in found.methods], worst=worst)
            self._open.discard(name)
            self._met_again.discard(name)
        if not self._met_again:  # else the amount leaves out a task that is still open above
            self._known[(name, worst)] = amount
        return amount

    def _primitive(self, primitive: Primitive) -> Amount:
        if primitive.phase < self.first_phase:
            return Amount()
        estimate = primitive.estimate
        return Amount(
            estimate.expected,
            estimate.optimistic,
            primitive.cost + estimate.expected * self.price,
            primitive.cost + estimate.optimistic * self.price,
        )

    def _method(self, method: Method, *, worst: bool) -> Amount:
        total = Amount(risk=_log_risk(method), misfit=_misfit_bound(method, worst=worst))
        for step in method.steps:
            total = total.plus(self._task(step.task, worst=worst), self._times(step))
        return total

    def _times(self, step: Step) -> int:
        facts = self.domain.facts
        return {"feature": len(facts.features), "entity": len(facts.entities)}.get(step.for_each, 1)


def _each(amounts: list[Amount], *, worst: bool) -> Amount:
    """Each component by itself: the minimum over the methods, or the maximum."""
    if not amounts:
        return Amount()
    pick = max if worst else min
    return Amount(*(pick(column) for column in zip(*(_parts(amount) for amount in amounts), strict=True)))


def _log_risk(method: Method) -> float:
    return -math.log1p(-method.risk)


def misfit_of(method: Method, situation: Situation) -> float:
    """How badly a decision suits the brief, from 0 to 1; a method that decides nothing has no misfit."""
    if not method.chooses:
        return 0.0
    moved = sum(fit.by for fit in method.fits if not refusal(fit.when, situation))
    return min(1.0, max(0.0, method.misfit + moved))


def _misfit_bound(method: Method, *, worst: bool) -> float:
    if not method.chooses:
        return 0.0
    moved = sum(fit.by for fit in method.fits if (fit.by > 0) == worst)
    return min(1.0, max(0.0, method.misfit + moved))


def _share(part: float, whole: float) -> float:
    return min(1.0, part / whole) if whole > 0 else 0.0
