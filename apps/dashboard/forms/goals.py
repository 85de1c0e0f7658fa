"""The form of a new goal: translates what was typed or dropped; the rules are those of the intake."""

import hashlib
import json
import uuid
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils import timezone

from apps.accounts import policy
from apps.accounts.models import Group, Person
from apps.core.errors import Invalid
from apps.dashboard.forms import templates
from apps.delivery.supplying import MAX_TOTAL, files_of
from apps.goals.intake import BRIEF_LIMIT, Constraints
from apps.goals.models import PHASE_NAMES

# A file beyond this is not read at all; one between this and the limit is, so that its size can be told.
READ = 4 * BRIEF_LIMIT
_BIG_WORDS = "The file has {size:,} KB; at most {limit} KB can be read. Keep what matters, and leave data out."


class PlainField(forms.CharField):
    """Text as it came: the intake says what is wrong with it, in its own words, NUL included."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, strip=False, **kwargs)
        self.validators = []


class ManyFiles(forms.ClearableFileInput):
    """More than one file at once; the view reads them all."""

    allow_multiple_selected = True


class GoalForm(forms.Form):
    """Nothing is required here, so that every problem is told with the intake's words and all at once."""

    title = PlainField(label="Title", widget=forms.TextInput(attrs={"autocomplete": "off"}))
    brief = PlainField(
        label="Brief",
        help_text="What you want, in your own words: what it should do, for whom, and within which limits.",
        widget=forms.Textarea(attrs={"class": "brief", "rows": 14, "spellcheck": "true"}),
    )
    deadline = forms.DateTimeField(
        label="Deadline",
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"invalid": "Write the deadline as a date and a time, such as 2030-05-17 16:00."},
    )
    budget = forms.DecimalField(
        label="Budget in euro",
        required=False,
        widget=forms.NumberInput(attrs={"min": "0", "step": "0.01", "placeholder": "No limit", "inputmode": "decimal"}),
        error_messages={"invalid": "Write the budget as an amount, such as 40 or 39.50."},
    )
    slots = forms.IntegerField(
        label="Slots",
        required=False,
        help_text="At most so many tasks at once.",
        widget=forms.NumberInput(attrs={"min": "1", "max": "50", "placeholder": "All there are"}),
        error_messages={"invalid": "Write the number of slots as a whole number, such as 5."},
    )
    template = forms.CharField(
        label="Start with a template",
        required=False,
        widget=forms.Select(),
        help_text="A plan that proved good: its choices are made again, for your brief.",
    )
    first_phase = forms.TypedChoiceField(
        label="Start in phase",
        choices=[(number, f"{number} {name}") for number, name in PHASE_NAMES.items()],
        coerce=int,
        initial=1,
        required=False,
        help_text="A later one where you bring the artifacts of those before. Their gates still stand.",
        error_messages={"invalid_choice": "A goal starts in a phase from 1 to 7."},
    )
    supplied = forms.FileField(
        label="Artifacts you bring",
        required=False,
        help_text="Zip files with the paths as the workspace has them, such as contract/openapi.json.",
        widget=ManyFiles(attrs={"accept": ".zip,application/zip"}),
    )
    start = forms.BooleanField(label="Start as soon as the plan is there", required=False)
    group = forms.ModelChoiceField(
        label="Group",
        queryset=Group.objects.none(),
        required=False,
        empty_label=None,
        help_text="Speaks for the goal at QG-PHASE1.",
        to_field_name="slug",
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        groups = person.seat_groups.order_by("name")
        self.fields["group"].queryset = groups  # type: ignore[attr-defined]
        self.several_groups = len(groups) > 1
        if any(group.slug == "owners" for group in groups):
            self.fields["group"].initial = "owners"
        offered = templates.choices()
        self.fields["template"].widget.choices = offered
        self.has_templates = len(offered) > 1
        zone = timezone.get_current_timezone_name()
        self.fields["deadline"].help_text = f"In your time zone, {zone}."
        refusal = policy.allows(person, "goal.start")
        self.start_why_not = "" if isinstance(refusal, policy.Allowed) else refusal.sentence
        if self.start_why_not:
            self.fields["start"].disabled = True

    def constraints(self) -> Constraints:
        data = self.cleaned_data
        return Constraints(deadline=data.get("deadline"), budget=data.get("budget"), slots=data.get("slots"))

    def template_id(self) -> uuid.UUID | None:
        """The template that was chosen. Raises ``Invalid`` for what is none."""
        chosen = self.cleaned_data["template"]
        try:
            return uuid.UUID(chosen) if chosen else None
        except ValueError as error:
            raise Invalid({"template": "There is no such template. Choose one of the list."}) from error

    def take_words(self, error: Invalid) -> None:
        """Put the words of a refusal beside the fields they belong to."""
        for name, words in error.fields.items():
            self.add_error(name if name in self.fields else None, words)

    def same(self, brief: bytes, supplied: Mapping[str, bytes]) -> bytes:
        """What makes two submissions the same one: every field, whatever the encoding of the request."""
        told = {name: str(value) for name, value in sorted(self.cleaned_data.items())}
        digests = {path: hashlib.sha256(content).hexdigest() for path, content in sorted(supplied.items())}
        return json.dumps([told, brief.hex(), digests]).encode()


def brief_of(request: HttpRequest) -> bytes:
    """The bytes of the brief: of the dropped file while its text was left as it is, else of what was typed.

    Raises ``Invalid`` for a file that is too large to be looked at.
    """
    typed = request.POST.get("brief", "").replace("\r\n", "\n")
    upload = request.FILES.get("brief_file")
    if not isinstance(upload, UploadedFile):
        return _encoded(typed)
    if (upload.size or 0) > READ:
        words = _BIG_WORDS.format(size=(upload.size or 0) // 1024, limit=BRIEF_LIMIT // 1024)
        raise Invalid({"brief": words})
    content = upload.read()
    return content if not typed.strip() or _same_text(content, typed) else _encoded(typed)


def supplied_of(request: HttpRequest) -> dict[str, bytes]:
    """The files of the dropped archives, by path. Raises ``Invalid``."""
    uploads = request.FILES.getlist("supplied")
    if sum(upload.size or 0 for upload in uploads) > MAX_TOTAL:
        raise Invalid({"supplied": f"The files are too large: at most {MAX_TOTAL // 1024**2} MB can be supplied."})
    return files_of((str(upload.name), upload.read()) for upload in uploads)


def text_of(content: bytes) -> str:
    """What the page shows again of a dropped file, so that nothing is lost on an error."""
    return content.decode("utf-8", "replace").replace("\x00", "�")


def _encoded(text: str) -> bytes:
    # Half of a pair of surrogates can be typed by a program only; the intake says that it is not UTF-8.
    return text.encode("utf-8", "surrogatepass")


def _same_text(content: bytes, typed: str) -> bool:
    text = content.decode("utf-8", "replace").removeprefix("\ufeff")
    return "\n".join(text.splitlines()) == "\n".join(typed.splitlines())
