"""The form of an agent: one for adding, and the same without slug and runtime for changing."""

import re
from typing import Any

from django import forms

from apps.agents.models import Agent
from apps.agents.runtimes import REGISTRY, BadConfig, runtime_for
from apps.core.errors import Invalid
from apps.core.strictjson import NotStrictJson, loads

_CAPABILITY = re.compile(r"[a-z][a-z0-9.-]{0,59}")
_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?")


class AgentForm(forms.Form):
    """``capabilities``: one a line, or between commas."""

    slug = forms.CharField(
        max_length=60, help_text="Small letters, digits and hyphens. It can't be changed later.", label="Short name"
    )
    name = forms.CharField(max_length=120)
    description = forms.CharField(
        required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 2}), label="What it does"
    )
    runtime = forms.ChoiceField(label="Runtime")
    capabilities = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 4, "class": "mono", "spellcheck": "false"}),
        help_text="One a line, such as backend.feature. Tasks are matched by these names.",
    )
    max_concurrent = forms.IntegerField(
        min_value=1, max_value=1000, initial=4, label="At most at once", help_text="So many attempts at the same time."
    )
    cost_per_hour = forms.DecimalField(min_value=0, max_value=10**7, decimal_places=2, initial=0, label="Euro an hour")
    config = forms.CharField(
        required=False,
        initial="{}",
        widget=forms.Textarea(attrs={"rows": 3, "class": "mono", "spellcheck": "false"}),
        label="Configuration",
        help_text="JSON, as its runtime wants it. Secrets by name only, never their values.",
    )

    def __init__(self, *args: Any, agent: Agent | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.agent = agent
        if agent is None:
            self.fields["runtime"].choices = [(kind, kind) for kind in REGISTRY]  # type: ignore[attr-defined]
        else:
            del self.fields["slug"], self.fields["runtime"]

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"]
        if not _SLUG.fullmatch(slug):
            raise forms.ValidationError("Use small letters, digits and hyphens, and begin and end without a hyphen.")
        if slug == "new":
            raise forms.ValidationError("An agent can't be called so: the page of a new agent has this address.")
        return slug

    def clean_capabilities(self) -> list[str]:
        names = [name for name in re.split(r"[\s,]+", self.cleaned_data["capabilities"]) if name]
        wrong = [name for name in names if not _CAPABILITY.fullmatch(name)]
        if not names:
            raise forms.ValidationError("Say at least one thing that this agent can do.")
        if wrong:
            raise forms.ValidationError(f"“{wrong[0][:60]}” is no capability: small letters, digits, dots and hyphens.")
        if len(set(names)) > 100:
            raise forms.ValidationError("An agent has at most 100 capabilities.")
        return sorted(set(names))

    def clean_config(self) -> dict[str, Any]:
        try:
            value = loads(self.cleaned_data["config"] or "{}")
        except NotStrictJson as error:
            raise forms.ValidationError(f"This is not JSON that can be kept. {error}") from error
        if not isinstance(value, dict):
            raise forms.ValidationError("Write a JSON object, such as {}.")
        return value

    def clean(self) -> dict[str, Any]:
        """The configuration must fit the runtime; a kind that can't be run here is judged by whoever runs it."""
        data = super().clean() or self.cleaned_data
        kind = self.agent.runtime if self.agent else data.get("runtime")
        if kind in REGISTRY and "config" in data:
            try:
                runtime_for(str(kind), data["config"])
            except BadConfig as error:
                self.add_error("config", str(error))
        return data

    def take_words(self, error: Invalid) -> None:
        """Put the words of a refusal beside the fields they belong to."""
        for name, words in error.fields.items():
            self.add_error(name if name in self.fields else None, words)
