"""The form of a template: its name, and what it is good for. The rules are those of ``planning.templates``."""

from typing import Any

from django import forms

from apps.core.errors import Invalid
from apps.planning.models import PlanTemplate


class TemplateForm(forms.Form):
    """Nothing is required here, so that the service's words are shown."""

    name = forms.CharField(
        required=False, label="Name", help_text="People choose it by this name.", widget=forms.TextInput()
    )
    summary = forms.CharField(
        required=False,
        label="What it is good for",
        help_text="When somebody should start from it, and when not.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, template: PlanTemplate | None = None, **kwargs: Any) -> None:
        initial = {"name": template.name, "summary": template.summary} if template else {}
        super().__init__(*args, **{"label_suffix": "", "initial": initial, **kwargs})

    def take_words(self, error: Invalid) -> None:
        for name, words in error.fields.items():
            self.add_error(name if name in self.fields else None, words)


def choices() -> list[tuple[str, str]]:
    """The templates that a goal may start from, as choices of a field: one query."""
    rows = PlanTemplate.objects.filter(retired=False).order_by("name").values_list("pk", "name", "kind")
    named = [(str(pk), f"{name} ({kind.replace('_', ' ')})" if kind else name) for pk, name, kind in rows]
    return [("", "No template"), *named]
