"""What changes when one blueprint takes the place of another: the pure part of every "see the difference first".

A blueprint is the JSON that ``planning/storing.py`` describes: ``tasks`` with a key each, ``edges`` by key, and the
plan's own figures. Only what an agent would do differently makes a task *changed*: its work (:data:`WORK`), who makes
what it needs, or an input that the goal itself brings and that is another now. A new estimate or rank does not; it is
told beside it, as ``figures``.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

# What an agent is told and promises. A task in which one of these differs is other work.
WORK = ("phase", "description", "capability", "consumes", "produces", "parameters", "acceptance")
# What planning says about a task: a difference here leaves finished work finished.
FIGURES = ("title", "optimistic", "likely", "pessimistic", "minutes", "estimate_source", "wanted_agent", "rice")
# The order of these lists says nothing.
_SETS = frozenset({"consumes", "produces"})


@dataclass(frozen=True)
class Change:
    """A task of both blueprints that is other work in the second: ``fields`` says in what, ``before`` and ``after``."""

    key: str
    title: str
    phase: int
    fields: tuple[str, ...]
    before: Mapping[str, Any]
    after: Mapping[str, Any]

    def as_dict(self) -> dict[str, Any]:
        return {
            "key": self.key,
            "title": self.title,
            "phase": self.phase,
            "fields": list(self.fields),
            "before": dict(self.before),
            "after": dict(self.after),
        }


@dataclass(frozen=True)
class Named:
    """A task, as a list shows it."""

    key: str
    title: str
    phase: int
    minutes: float

    def as_dict(self) -> dict[str, Any]:
        return {"key": self.key, "title": self.title, "phase": self.phase, "minutes": self.minutes}


@dataclass(frozen=True)
class Figure:
    """One figure before and after."""

    before: float
    after: float

    @property
    def change(self) -> float:
        return self.after - self.before

    def as_dict(self) -> dict[str, float]:
        return {"before": self.before, "after": self.after, "change": self.change}


@dataclass(frozen=True)
class Difference:
    """Every task of either blueprint is in exactly one of ``added``, ``removed``, ``changed`` and ``kept``.

    ``figures`` are kept tasks whose estimate, rank or title differs; ``downstream`` are kept tasks that need, directly
    or through others, what an added or changed task makes: with the artifacts they need of such. ``minutes`` is the
    planned duration, ``work`` the sum of all tasks' minutes, ``cost`` in euro, ``critical`` the critical path's length.
    """

    added: tuple[Named, ...]
    removed: tuple[Named, ...]
    changed: tuple[Change, ...]
    kept: tuple[Named, ...]
    figures: tuple[Change, ...]
    downstream: Mapping[str, tuple[str, ...]]
    minutes: Figure
    work: Figure
    cost: Figure
    critical: Figure
    critical_before: tuple[str, ...] = ()
    critical_after: tuple[str, ...] = ()
    phases: tuple[int, ...] = field(default=())

    @property
    def empty(self) -> bool:
        """Whether both are the same work."""
        return not (self.added or self.removed or self.changed)

    @property
    def sentence(self) -> str:
        """The difference in one sentence."""
        if self.empty and not self.figures:
            return "Nothing changes."
        parts = [
            f"{len(rows)} {words}"
            for rows, words in (
                (self.added, "added"),
                (self.removed, "removed"),
                (self.changed, "changed"),
                (self.kept, "kept"),
            )
            if rows
        ]
        return f"Tasks: {', '.join(parts)}. {_shift('Duration', self.minutes, 'min')} {_shift('Cost', self.cost, '€')}"

    def as_dict(self) -> dict[str, Any]:
        """All of it as plain JSON."""
        return {
            "sentence": self.sentence,
            "added": [row.as_dict() for row in self.added],
            "removed": [row.as_dict() for row in self.removed],
            "changed": [row.as_dict() for row in self.changed],
            "kept": [row.as_dict() for row in self.kept],
            "figures": [row.as_dict() for row in self.figures],
            "downstream": {key: list(paths) for key, paths in self.downstream.items()},
            "phases": list(self.phases),
            "minutes": self.minutes.as_dict(),
            "work": self.work.as_dict(),
            "cost": self.cost.as_dict(),
            "critical": self.critical.as_dict(),
            "critical_before": list(self.critical_before),
            "critical_after": list(self.critical_after),
        }


def difference(before: Mapping[str, Any], after: Mapping[str, Any], *, inputs: Collection[str] = ()) -> Difference:
    """What changes from ``before`` to ``after``, two blueprints. Both stay as they are.

    ``inputs`` are paths that the goal itself brings and whose content is another now (a brief that was added to):
    tasks that read them are changed.
    """
    old = {task["key"]: task for task in before["tasks"]}
    new = {task["key"]: task for task in after["tasks"]}
    made_before, made_after = _producers(before), _producers(after)
    both = [key for key in new if key in old]
    changes = [_change(old[key], new[key], made_before, made_after, frozenset(inputs)) for key in both]
    changed = tuple(change for change in changes if change is not None)
    other = {change.key for change in changed}
    added = tuple(_named(task) for key, task in new.items() if key not in old)
    removed = tuple(_named(task) for key, task in old.items() if key not in new)
    kept = [key for key in both if key not in other]
    figures = (_fields_changed(old[key], new[key], FIGURES) for key in kept)
    touched = {row.key for row in added} | other
    return Difference(
        added=added,
        removed=removed,
        changed=changed,
        kept=tuple(_named(new[key]) for key in kept),
        figures=tuple(change for change in figures if change is not None),
        downstream=_downstream(after, touched),
        minutes=_figure(before, after, "minutes"),
        work=Figure(_sum(before), _sum(after)),
        cost=_figure(before, after, "cost"),
        critical=_figure(before, after, "critical_minutes"),
        critical_before=_critical(before),
        critical_after=_critical(after),
        phases=tuple(sorted({row.phase for row in (*added, *removed)} | _phases(changed, old))),
    )


def _producers(blueprint: Mapping[str, Any]) -> dict[tuple[str, str], str]:
    """Who makes the artifact that a task needs, by the task's key and the artifact."""
    return {(edge["consumer"], edge["artifact"]): edge["producer"] for edge in blueprint["edges"]}


def _change(
    old: Mapping[str, Any],
    new: Mapping[str, Any],
    made_before: Mapping[tuple[str, str], str],
    made_after: Mapping[tuple[str, str], str],
    inputs: frozenset[str],
) -> Change | None:
    found = _fields_changed(old, new, WORK)
    fields, was, now = (list(found.fields), dict(found.before), dict(found.after)) if found else ([], {}, {})
    sources = [_sources(task, made) for task, made in ((old, made_before), (new, made_after))]
    if sources[0] != sources[1]:
        fields.append("producers")
        was["producers"], now["producers"] = sources
    read = sorted(inputs & set(new["consumes"]))
    if read:
        fields.append("inputs")
        was["inputs"], now["inputs"] = [], read
    return Change(new["key"], new["title"], new["phase"], tuple(fields), was, now) if fields else None


def _sources(task: Mapping[str, Any], made: Mapping[tuple[str, str], str]) -> dict[str, str]:
    """Who makes each thing that a task needs; of what it needs in one blueprint only, ``consumes`` tells already."""
    return {path: made.get((task["key"], path), "") for path in sorted(task["consumes"])}


def _fields_changed(old: Mapping[str, Any], new: Mapping[str, Any], names: Iterable[str]) -> Change | None:
    fields = tuple(name for name in names if _value(old, name) != _value(new, name))
    if not fields:
        return None
    was = {name: old.get(name) for name in fields}
    return Change(new["key"], new["title"], new["phase"], fields, was, {name: new.get(name) for name in fields})


def _value(task: Mapping[str, Any], name: str) -> Any:
    value = task.get(name)
    if isinstance(value, float):
        return round(value, 6)
    if name in _SETS:
        return sorted(value or ())
    # Older blueprints leave out what is empty.
    return value or ""


def _downstream(after: Mapping[str, Any], touched: set[str]) -> dict[str, tuple[str, ...]]:
    """Kept tasks behind touched ones: a walk along the edges, each edge once."""
    out: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for edge in after["edges"]:
        # An edge without an artifact is an order only: nothing of the earlier task is handed over.
        if edge["artifact"]:
            out[edge["producer"]].append((edge["consumer"], edge["artifact"]))
    reached: dict[str, set[str]] = {}
    front = sorted(touched)
    while front:
        key = front.pop()
        for consumer, artifact in out[key]:
            if consumer in touched:
                continue
            if consumer not in reached:
                reached[consumer] = set()
                front.append(consumer)
            reached[consumer].add(artifact)
    order = [task["key"] for task in after["tasks"] if task["key"] in reached]
    return {key: tuple(sorted(reached[key])) for key in order}


def _phases(changed: Iterable[Change], old: Mapping[str, Mapping[str, Any]]) -> set[int]:
    """The phases of changed tasks; one that moved counts where it was and where it is."""
    return {phase for change in changed for phase in (change.phase, old[change.key]["phase"])}


def _named(task: Mapping[str, Any]) -> Named:
    return Named(task["key"], task["title"], task["phase"], float(task.get("minutes", 0)))


def _figure(before: Mapping[str, Any], after: Mapping[str, Any], name: str) -> Figure:
    return Figure(float(before.get(name, 0)), float(after.get(name, 0)))


def _sum(blueprint: Mapping[str, Any]) -> float:
    return sum(float(task.get("minutes", 0)) for task in blueprint["tasks"])


def _critical(blueprint: Mapping[str, Any]) -> tuple[str, ...]:
    """The keys on the critical path, in the planned order."""
    on_it = [task for task in blueprint["tasks"] if task.get("critical")]
    return tuple(task["key"] for task in sorted(on_it, key=lambda task: (task.get("planned_start", 0), task["key"])))


def _shift(name: str, figure: Figure, unit: str) -> str:
    """One figure in words.

    >>> _shift("Duration", Figure(10, 12.5), "min")
    'Duration 10 → 12.5 min.'
    >>> _shift("Cost", Figure(3, 3), "€")
    'Cost stays 3 €.'
    """
    if round(figure.change, 2) == 0:
        return f"{name} stays {figure.after:.4g} {unit}."
    return f"{name} {figure.before:.4g} → {figure.after:.4g} {unit}."
