"""How to weigh: beam, depth and points of a goal; the ranges and words are those of the goals' rules."""

from typing import Any

from django import forms

from apps.core.errors import Invalid
from apps.engine.thoughts import BEAM
from apps.goals.models import Goal
from apps.goals.weighing import BEAM_RANGE, DEPTH_RANGE, MOST_POINTS, PARTS, Weighing, weighing_of, weighing_problems
from apps.planning.settings import POINTS

_HELP = {
    "time": "A short duration.",
    "cost": "Few and cheap agent minutes.",
    "risk": "That no named risk comes true.",
    "fit": "That decisions suit the brief.",
}


class WeighForm(forms.Form):
    """What is as the planner has it is not kept with the goal, so that it follows the planner."""

    beam = forms.IntegerField(
        label="Beam",
        required=False,
        help_text="Partial plans thought through at once.",
        error_messages={"invalid": "Write the beam as a whole number, such as 5."},
    )
    depth = forms.IntegerField(
        label="Depth",
        required=False,
        help_text="Decisions thought through; empty: all.",
        error_messages={"invalid": "Write the depth as a whole number, or leave it empty."},
    )

    def __init__(self, *args: Any, goal: Goal, **kwargs: Any) -> None:
        own = weighing_of(goal.planning)
        points = {part: f"{number:g}" for part, number in (POINTS | dict(own.weights or {})).items()}
        initial = {"beam": own.beam or BEAM, "depth": own.depth} | points
        super().__init__(*args, **{"label_suffix": "", "initial": initial, **kwargs})
        self.fields["beam"].widget.attrs |= {"min": BEAM_RANGE[0], "max": BEAM_RANGE[1], "step": 1}
        self.fields["depth"].widget.attrs |= {"min": DEPTH_RANGE[0], "max": DEPTH_RANGE[1], "placeholder": "All"}
        for part in PARTS:
            widget = forms.NumberInput(attrs={"min": 0, "max": MOST_POINTS, "step": "any"})
            words = {"invalid": "Write the points as a number, such as 25."}
            self.fields[part] = forms.FloatField(
                label=part.capitalize(), required=False, help_text=_HELP[part], widget=widget, error_messages=words
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        self.take_words(Invalid(weighing_problems(self.weighing)))
        return data

    def take_words(self, error: Invalid) -> None:
        """Put the words of a refusal beside the fields they belong to."""
        for name, words in error.fields.items():
            self.add_error(name if name in self.fields else None, words)

    @property
    def weighing(self) -> Weighing:
        """What differs from the planner's own; a weight left empty counts as the planner's."""
        data = self.cleaned_data
        points = {part: data[part] if data.get(part) is not None else POINTS[part] for part in PARTS}
        beam = data.get("beam")
        return Weighing(
            beam=None if beam == BEAM else beam,
            depth=data.get("depth"),
            weights=None if points == POINTS else points,
        )

    @property
    def points(self) -> list[forms.BoundField]:
        return [self[part] for part in PARTS]
