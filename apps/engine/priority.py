"""The order in which ready tasks get slots, and the proof that none waits for ever (design §8, promise 9).

priority = bottom level / critical path (0 to 1) + rank of the goal's RICE among live goals (0 to 1) + aging, which
gives AGING_SHARE of that maximum for every AGING_MINUTES of waiting.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

MAXIMUM = 2.0
AGING_SHARE = 0.1
AGING_MINUTES = 10.0


@dataclass(frozen=True)
class Priority:
    """The three parts and their sum, with the sentence that shows them."""

    path: float
    goal: float
    age: float

    @property
    def value(self) -> float:
        return self.path + self.goal + self.age

    @property
    def explanation(self) -> str:
        return (
            f"{self.path:.2f} for the critical path + {self.goal:.2f} for the goal's rank + {self.age:.2f} for waiting "
            f"= {self.value:.2f}."
        )


def effective_priority(
    *,
    bottom_level: float,
    critical_path: float,
    goal_rank: float,
    waited_minutes: float,
    aging_share: float = AGING_SHARE,
    aging_minutes: float = AGING_MINUTES,
) -> Priority:
    """A ready task's priority. ``bottom_level`` and ``critical_path`` in minutes, ``goal_rank`` from :func:`ranks`.

    >>> effective_priority(bottom_level=3, critical_path=6, goal_rank=1, waited_minutes=20).explanation
    "0.50 for the critical path + 1.00 for the goal's rank + 0.40 for waiting = 1.90."
    """
    path = min(1.0, max(0.0, bottom_level / critical_path)) if critical_path > 0 else 0.0
    age = MAXIMUM * aging_share * max(0.0, waited_minutes) / aging_minutes
    return Priority(path, min(1.0, max(0.0, goal_rank)), age)


def path_part(*, bottom_level: float, critical_path: float) -> str:
    """The part of a priority that does not wait for anything, in words; both in minutes.

    >>> path_part(bottom_level=3, critical_path=6)
    "0.50 for the critical path (3 of 6 minutes lie behind it); the goal's rank and waiting count once it is ready."
    """
    part = effective_priority(bottom_level=bottom_level, critical_path=critical_path, goal_rank=0, waited_minutes=0)
    return (
        f"{part.path:.2f} for the critical path ({bottom_level:.3g} of {critical_path:.3g} minutes lie behind it); "
        "the goal's rank and waiting count once it is ready."
    )


def ranks(rice: Mapping[str, float]) -> dict[str, float]:
    """Each goal's rank among the live ones: 1 for the highest RICE, 0 for the lowest, equal for equals, 1 if alone.

    >>> ranks({"a": 5, "b": 1, "c": 3}), ranks({"a": 2}), ranks({"a": 2, "b": 2})
    ({'a': 1.0, 'b': 0.0, 'c': 0.5}, {'a': 1.0}, {'a': 1.0, 'b': 1.0})
    """
    values: Sequence[float] = sorted(set(rice.values()))
    if len(values) == 1:
        return dict.fromkeys(rice, 1.0)
    return {goal: values.index(value) / (len(values) - 1) for goal, value in rice.items()}


def passing_minutes(aging_share: float = AGING_SHARE, aging_minutes: float = AGING_MINUTES) -> float:
    """How much older a task must be to come before every newer one, whatever else they have: 100 minutes by default.

    >>> passing_minutes()
    100.0
    """
    return aging_minutes / aging_share


def starvation_bound(*, competitors: int, slots: int, longest_minutes: float) -> float:
    """The most minutes that a ready task can wait for a slot while slots are never left idle.

    ``competitors``: the tasks that became ready before it or within :func:`passing_minutes` after it. No other can
    come before it: a task that is newer by more has at most the maximum, which the older has gained by waiting longer.
    Until it starts, every slot works on a competitor or on an attempt that ran before, so the competitors' work is
    done after ``competitors × longest / slots``, plus one attempt that was running.

    >>> starvation_bound(competitors=40, slots=10, longest_minutes=5)
    25.0
    """
    return competitors * longest_minutes / slots + longest_minutes
