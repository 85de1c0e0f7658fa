"""Changing what one task is: title, words, capability, artifacts, acceptance, estimate, agent, and RICE's inputs."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar

from apps.engine.editing import values
from apps.engine.editing.draft import Draft, Rules
from apps.engine.editing.errors import NothingToDo
from apps.engine.editing.timetable import TaskData, derived_rice
from apps.engine.rice import EDITED, INPUTS, edited


@dataclass(frozen=True)
class Change:
    """Only what is given (not None) changes. ``agent`` empty: whoever is best. ``rice`` maps an input of RICE to its
    value, or to None: derived again. Of an estimate all three points count, those left out as they are."""

    kind: ClassVar[str] = "change"
    task: str
    title: str | None = None
    description: str | None = None
    capability: str | None = None
    consumes: tuple[str, ...] | None = None
    produces: tuple[str, ...] | None = None
    acceptance: tuple[str, ...] | None = None
    optimistic: float | None = None
    likely: float | None = None
    pessimistic: float | None = None
    agent: str | None = None
    rice: dict[str, float | None] = field(default_factory=dict)

    def apply(self, draft: Draft, rules: Rules) -> str:
        task = draft.open_task(self.task, rules)
        title = task["title"]
        changed = [name for name, new in self._changes(task, rules) if _set(task, new)]
        if self.rice and self._set_rice(task, draft, rules):
            changed.append("priority")
        if not changed:
            raise NothingToDo(f"“{title}” is like that already.")
        return f"Changed {_listed(changed)} of “{title}”"

    def _changes(self, task: TaskData, rules: Rules) -> Iterator[tuple[str, dict[str, Any]]]:
        """What is to be set, under the name that the list of edits shows. Raises BadInput."""
        if self.title is not None:
            yield "title", {"title": values.title_of(self.title)}
        if self.description is not None:
            yield "description", {"description": values.text_of(self.description, "description")}
        if self.capability is not None and self.capability != task["capability"]:
            yield "capability", {"capability": values.capability_of(self.capability, rules)}
        if self.consumes is not None:
            yield "inputs", {"consumes": values.paths_of(self.consumes, "consumes")}
        if self.produces is not None:
            yield "outputs", self._outputs(task, values.paths_of(self.produces, "produces", least=1))
        if self.acceptance is not None:
            yield "acceptance", {"acceptance": values.acceptance_of(self.acceptance)}
        yield "estimate", self._estimate(task, rules)
        yield "agent", self._agent(task, rules)

    def _outputs(self, task: TaskData, paths: list[str]) -> dict[str, Any]:
        same = set(paths) == set(task["produces"])
        return {"produces": paths} if same else {"produces": paths, "parameters": values.with_planned(task)}

    def _estimate(self, task: TaskData, rules: Rules) -> dict[str, Any]:
        before = task["optimistic"], task["likely"], task["pessimistic"]
        given = self.optimistic, self.likely, self.pessimistic
        points = tuple(old if new is None else new for old, new in zip(before, given, strict=True))
        if points == before:
            return {}
        was = ", ".join(f"{point:.3g}" for point in before)
        words = f"{EDITED}{rules.by}: before, it was {was} minutes ({task['estimate_source']})."
        reasons = {**task.get("reasons", {}), "estimate": words}
        return {
            **values.minutes_of(values.estimate_of(*points)),
            "estimate_source": "edited",
            "estimate_samples": 0,
            "reasons": reasons,
        }

    def _agent(self, task: TaskData, rules: Rules) -> dict[str, Any]:
        """The agent must be able to do the task, also where only the capability changes."""
        wanted = task.get("wanted_agent") or ""
        if self.agent is None and self.capability is None:
            return {}
        slug = wanted if self.agent is None else self.agent.strip()
        return {"wanted_agent": values.agent_of(slug, task["capability"], rules)} if slug != wanted or slug else {}

    def _set_rice(self, task: TaskData, draft: Draft, rules: Rules) -> bool:
        derived = derived_rice(task, len(draft.behind(self.task)), rules.settings.goal_priority)
        inputs = {name: values.rice_input_of(name, v) for name, v in self.rice.items() if v is not None}
        found = edited(derived, inputs, by=rules.by)
        before = {name: (task[name], reason_edited(task, name)) for name in INPUTS}
        reasons = dict(task.get("reasons") or {})
        for name in self.rice:
            if name not in inputs or inputs[name] != task[name]:
                task[name], reasons[name] = getattr(found, name), found.reasons[name]
        task["reasons"] = reasons
        return before != {name: (task[name], reason_edited(task, name)) for name in INPUTS}


def reason_edited(task: TaskData, name: str) -> bool:
    """Whether a person set this figure."""
    return str((task.get("reasons") or {}).get(name, "")).startswith(EDITED)


def _set(task: TaskData, new: dict[str, Any]) -> bool:
    """Set what is new; whether anything changed."""
    old = {name: task.get(name, "" if name == "wanted_agent" else None) for name in new}
    task.update(new)
    return old != new


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
