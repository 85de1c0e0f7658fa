"""The forms of the draft editor: each translates what was typed into one operation; the engine says what is wrong."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from apps.core.errors import Invalid
from apps.dashboard.forms.goals import PlainField
from apps.engine.rice import EDITED, INPUTS
from apps.goals.models import PHASE_NAMES

POINTS = ("optimistic", "likely", "pessimistic")
Choices = Sequence[tuple[str, str]]
_LINES = {"rows": 3, "spellcheck": "false"}


def lines_of(text: str) -> list[str]:
    """What stands on each line."""
    return [line.strip() for line in text.replace("\x00", "").splitlines() if line.strip()]


class LinesField(PlainField):
    """One item a line."""

    def __init__(self, *, mono: bool = False, **kwargs: Any) -> None:
        attrs = _LINES | ({"class": "mono"} if mono else {})
        super().__init__(widget=forms.Textarea(attrs=attrs), **kwargs)


class NumberField(forms.FloatField):
    """A number, or nothing; the engine says what it may be."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"})
        super().__init__(required=False, widget=widget, error_messages={"invalid": "Write a number."}, **kwargs)


class EditForm(forms.Form):
    """``operation`` is what the form says, as the engine reads it. Nothing is required here, so that every problem is
    told in the engine's words."""

    kind = ""

    def __init__(self, *args: Any, task: Mapping[str, Any] | None = None, offers: "Offers", **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", "prefix": "", **kwargs})
        self.task = task or {}
        self.offers = offers
        self.arrange()

    def arrange(self) -> None:
        """Fill in what depends on the task and the plan."""

    def operation(self) -> dict[str, Any]:
        raise TypeError("each form says its own operation")

    def take_words(self, error: Invalid) -> None:
        """Put the words of a refusal beside the fields they belong to, the rest above the form."""
        for name, words in error.fields.items():
            self.add_error(name if name in self.fields else None, words)


class Offers:
    """What can be chosen: capabilities, agents with what they can do, and the tasks of the plan in their order."""

    def __init__(
        self, capabilities: Sequence[str], agents: Mapping[str, frozenset[str]], tasks: Sequence[Mapping[str, Any]]
    ) -> None:
        self.capabilities = capabilities
        self.agents = agents
        self.tasks = tasks

    def agent_choices(self, capability: str) -> Choices:
        """Those who have the capability; without one, all with what they can do."""
        able = [slug for slug, known in self.agents.items() if not capability or capability in known]
        return [("", "Whoever is best at that time"), *((slug, slug) for slug in sorted(able))]

    def task_choices(self, *, without: str = "") -> Choices:
        others = [task for task in self.tasks if task["key"] != without]
        return [("", "–"), *((task["key"], f"{task['phase']}: {task['title']}") for task in others)]


class TaskForm(EditForm):
    """What a task is, for adding one and for changing one."""

    title = PlainField(label="Title", widget=forms.TextInput(attrs={"autocomplete": "off"}))
    description = PlainField(label="Description", widget=forms.Textarea(attrs={"rows": 3}))
    capability = PlainField(
        label="Capability",
        help_text="What an agent must be able to do.",
        widget=forms.TextInput(attrs={"list": "known-capabilities", "autocomplete": "off", "class": "mono"}),
    )
    consumes = LinesField(label="Inputs", mono=True, help_text="Files that it needs, one a line.")
    produces = LinesField(label="Outputs", mono=True, help_text="Files that it makes, one a line.")
    acceptance = LinesField(label="Acceptance criteria", help_text="How one sees that it is done, one a line.")
    optimistic = NumberField(label="Optimistic, minutes")
    likely = NumberField(label="Likely, minutes")
    pessimistic = NumberField(label="Pessimistic, minutes")
    agent = forms.ChoiceField(label="Agent", required=False)

    def arrange(self) -> None:
        capability = str(self.task.get("capability", ""))
        self.fields["agent"].choices = self.offers.agent_choices(capability)  # type: ignore[attr-defined]
        wanted = self.data.get("agent") if self.is_bound else ""
        if wanted and self.offers.agents.get(wanted):
            # Whether the agent can do it is the engine's to say, since the capability may have changed too.
            self.fields["agent"].choices = self.offers.agent_choices("")  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        lists = {name: lines_of(data.get(name, "")) for name in ("consumes", "produces", "acceptance")}
        texts = {name: data.get(name, "") for name in ("title", "description", "capability", "agent")}
        points = {name: data[name] for name in POINTS if data.get(name) is not None}
        return texts | lists | points


class AddForm(TaskForm):
    kind = "add"
    phase = forms.TypedChoiceField(
        label="Phase", coerce=int, choices=[(number, f"{number} {name}") for number, name in PHASE_NAMES.items()]
    )
    field_order = ("phase",)

    def operation(self) -> dict[str, Any]:
        return {"kind": "add", "phase": self.cleaned_data.get("phase"), **self.values()}


class ChangeForm(TaskForm):
    """RICE's inputs are empty where they are derived; a number is kept until it is taken out again."""

    kind = "change"
    reach = NumberField(label="Reach, tasks")
    impact = NumberField(label="Impact, 0 to 10")
    confidence = NumberField(label="Confidence, 0 to 1")
    effort = NumberField(label="Effort, minutes")

    def arrange(self) -> None:
        super().arrange()
        for name in INPUTS:
            self.fields[name].help_text = str(self.task.get("reasons", {}).get(name, ""))
            if not self._edited(name) and name in self.task:
                self.fields[name].widget.attrs["placeholder"] = f"{self.task[name]:.3g}, derived"

    def _edited(self, name: str) -> bool:
        return str(self.task.get("reasons", {}).get(name, "")).startswith(EDITED)

    @staticmethod
    def initial_of(task: Mapping[str, Any]) -> dict[str, Any]:
        """What stands in the fields before somebody changes them."""
        found = {name: task[name] for name in ("title", "description", "capability", *POINTS)}
        found |= {name: "\n".join(task[name]) for name in ("consumes", "produces", "acceptance")}
        reasons = task.get("reasons", {})
        rice = {name: task[name] for name in INPUTS if str(reasons.get(name, "")).startswith(EDITED)}
        return found | rice | {"agent": task.get("wanted_agent", "")}

    def operation(self) -> dict[str, Any]:
        """Only what differs from what stands, so that the list of edits says what was done."""
        before = self.initial_of(self.task)
        before |= {name: self.task[name] for name in ("consumes", "produces", "acceptance")}
        changed = {name: value for name, value in self.values().items() if _plain(value) != _plain(before.get(name))}
        inputs = {name: self.cleaned_data.get(name) for name in INPUTS}
        rice = {name: value for name, value in inputs.items() if value != before.get(name)}
        return {"kind": "change", "task": self.task["key"], **changed, **({"rice": rice} if rice else {})}


def _plain(value: Any) -> Any:
    return value.replace("\r\n", "\n").strip() if isinstance(value, str) else value


class RemoveForm(EditForm):
    kind = "remove"
    cascade = forms.BooleanField(label="Take out with it what depends on it", required=False)

    def operation(self) -> dict[str, Any]:
        return {"kind": "remove", "task": self.task["key"], "cascade": self.cleaned_data["cascade"]}


class MoveForm(EditForm):
    """To another phase, or before or after another task."""

    kind = "move"
    phase = forms.TypedChoiceField(label="To the phase", coerce=int, required=False, empty_value=None)
    place = forms.ChoiceField(
        label="Or to a place", required=False, choices=[("before", "before"), ("after", "after")], initial="after"
    )
    other = forms.ChoiceField(label="this task", required=False)
    waits = forms.BooleanField(
        label="The later one waits for the earlier one",
        required=False,
        initial=True,
        help_text="Without this, only their places in the list change, which is possible where both begin together.",
    )

    def arrange(self) -> None:
        phases = [("", "–"), *((number, f"{number} {name}") for number, name in PHASE_NAMES.items())]
        self.fields["phase"].choices = phases  # type: ignore[attr-defined]
        self.fields["other"].choices = self.offers.task_choices(without=self.task["key"])  # type: ignore[attr-defined]

    def operation(self) -> dict[str, Any]:
        data = self.cleaned_data
        found: dict[str, Any] = {"kind": "move", "task": self.task["key"]}
        if data.get("other"):
            found |= {data.get("place") or "after": data["other"], "waits": data["waits"]}
        if data.get("phase") is not None and not (data.get("other") and data["phase"] == self.task["phase"]):
            found["phase"] = data["phase"]
        return found

    def take_words(self, error: Invalid) -> None:
        names = {"before": "other", "after": "other"}
        super().take_words(Invalid({names.get(name, name): words for name, words in error.fields.items()}))


class SplitForm(EditForm):
    """Some parts, each with a title and what it makes; a part whose title and outputs are empty is left out."""

    kind = "split"
    LEAST, MOST = 2, 6
    in_order = forms.BooleanField(label="One part after the other", required=False, initial=True)

    def arrange(self) -> None:
        made = list(self.task["produces"])
        for number in range(1, self.MOST + 1):
            mine = made[number - 1 : number] if number < self.LEAST else made[1:] if number == self.LEAST else []
            self.fields[f"title_{number}"] = PlainField(
                label=f"Part {number}: title",
                initial=f"{self.task['title']}, part {number}"[:200] if number <= self.LEAST else "",
            )
            self.fields[f"produces_{number}"] = LinesField(
                label=f"Part {number}: outputs",
                mono=True,
                initial="\n".join(mine),
                help_text="Files that it makes, one a line." if number == 1 else "",
            )
        self.order_fields([name for name in self.fields if name != "in_order"])

    def parts(self) -> list[dict[str, Any]]:
        """The fields of each part, for the page: its number, and whether it is beyond the first two."""
        return [
            {"number": n, "title": self[f"title_{n}"], "produces": self[f"produces_{n}"], "more": n > self.LEAST}
            for n in range(1, self.MOST + 1)
        ]

    def _used(self) -> list[int]:
        data = self.cleaned_data
        return [
            n for n in range(1, self.MOST + 1) if data.get(f"title_{n}", "").strip() or data[f"produces_{n}"].strip()
        ]

    def operation(self) -> dict[str, Any]:
        data = self.cleaned_data
        parts = [{"title": data[f"title_{n}"], "produces": lines_of(data[f"produces_{n}"])} for n in self._used()]
        return {"kind": "split", "task": self.task["key"], "parts": parts, "in_order": data["in_order"]}

    def take_words(self, error: Invalid) -> None:
        """``parts.2.title`` is the title of the second part that was filled in."""
        used, found = self._used(), {}
        for name, words in error.fields.items():
            _, number, field = [*name.split("."), "", ""][:3]
            known = number.isdigit() and 0 < int(number) <= len(used)
            found[f"{field}_{used[int(number) - 1]}" if known else name] = words
        super().take_words(Invalid(found))


FORMS: Mapping[str, type[EditForm]] = {
    form.kind: form for form in (AddForm, ChangeForm, RemoveForm, MoveForm, SplitForm)
}
