"""The pool's settings (design §8) with their units and limits, in the order in which they are shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms

from apps.core.errors import Invalid
from apps.tasks.models import Pool


@dataclass(frozen=True)
class Setting:
    """One setting: its label, what it means, and its range. ``whole`` numbers take no fraction."""

    label: str
    help: str
    low: float
    high: float
    whole: bool = True


SETTINGS: Mapping[str, Setting] = {
    "slots": Setting("Slots", "Execution places, 5 to 50.", 5, 50),
    "lease_seconds": Setting("Lease, seconds", "A worker silent for so long loses its attempt.", 5, 3600),
    "task_timeout_seconds": Setting("Longest attempt, seconds", "Then it ends as failed.", 10, 86_400),
    "retries": Setting("Retries", "Before another agent, then a person.", 0, 20),
    "backoff_seconds": Setting("First back-off, seconds", "The pause before the first retry.", 0, 3600, False),
    "backoff_factor": Setting("Back-off factor", "Each pause is so many times the one before.", 1, 10, False),
    "aging_minutes": Setting("Aging, minutes", "A tenth of the highest priority for every so many.", 0.1, 1440, False),
    "queue_limit": Setting("Queue limit", "Beyond so many ready tasks the lowest stand back.", 10, 100_000),
    "queue_resume": Setting("Queue resumes at", "Below so many they come back.", 1, 100_000),
    "no_agent_minutes": Setting("No agent, minutes", "Then a missing capability is escalated.", 1, 1440),
    "slo_check_seconds": Setting("SLO check, seconds", "How often the SLOs are measured.", 10, 3600),
    "slo_parallelization": Setting("Parallelization, at least", "A share from 0 to 1.", 0, 1, False),
    "slo_overhead": Setting("Overhead, at most", "A share from 0 to 1.", 0, 1, False),
}


class PoolForm(forms.Form):
    """Only what differs from the pool is changed."""

    def __init__(self, *args: Any, pool: Pool, **kwargs: Any) -> None:
        initial = {name: getattr(pool, name) for name in SETTINGS}
        super().__init__(*args, **{"label_suffix": "", "initial": initial, **kwargs})
        for name, one in SETTINGS.items():
            kind: Any = forms.IntegerField if one.whole else forms.FloatField
            widget = forms.NumberInput(attrs={"step": "1" if one.whole else "any"})
            self.fields[name] = kind(
                label=one.label, help_text=one.help, min_value=one.low, max_value=one.high, widget=widget
            )

    @property
    def changes(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.changed_data}

    def take_words(self, error: Invalid) -> None:
        for name, words in error.fields.items():
            self.add_error(name if name in self.fields else None, words)
